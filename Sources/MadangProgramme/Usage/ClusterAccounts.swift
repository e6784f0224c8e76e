/// The accounts of one cluster: month by month where its GPU-seconds went, and how far it is
/// sealed.
///
/// Invariant: of every month the accounts add up to `capacity`, and no account is negative.
public struct ClusterAccounts: Hashable, Sendable {
  /// GPUs that the programme has there, from the event on that said so.
  public internal(set) var gpus = Timeline.zero
  /// Of them, those that its operator keeps by agreement, likewise.
  public internal(set) var operatorShare = Timeline.zero
  /// The first hour that has a statement, and the last; none between is missing.
  public internal(set) var firstSealed: Hour?
  public internal(set) var lastSealed: Hour?
  /// Ascending.
  public internal(set) var months: [MonthAccounts] = []
  /// Hours that were corrected, ascending, with the number of the newest statement.
  public internal(set) var corrected: [CorrectedHour] = []

  public struct CorrectedHour: Hashable, Record {
    public let hour: Hour
    public internal(set) var newest: Int32

    init(hour: Hour, newest: Int32) {
      self.hour = hour
      self.newest = newest
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("hour", hour)
      writer.field("newest", newest)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      hour = try reader.field("hour")
      newest = try reader.field("newest")
    }
  }

  init() {}

  /// Whether the programme has a statement of this hour.
  public func isSealed(_ hour: Hour) -> Bool {
    guard let firstSealed, let lastSealed else { return false }
    return firstSealed <= hour && hour.end <= lastSealed.end
  }

  /// The number of an hour's newest statement, 0 where it was not corrected. Complexity: O(log n).
  public func newest(_ hour: Hour) -> Int32 {
    let index = correctedIndex(hour)
    return index < corrected.count && corrected[index].hour == hour ? corrected[index].newest : 0
  }

  private func correctedIndex(_ hour: Hour) -> Int {
    var low = 0
    var high = corrected.count
    while low < high {
      let middle = (low + high) / 2
      if corrected[middle].hour < hour { low = middle + 1 } else { high = middle }
    }
    return low
  }

  mutating func setNewest(_ hour: Hour, _ newest: Int32) {
    let index = correctedIndex(hour)
    if index < corrected.count, corrected[index].hour == hour {
      corrected[index].newest = newest
    } else {
      corrected.insert(CorrectedHour(hour: hour, newest: newest), at: index)
    }
  }

  /// The accounts of a month; nothing where no hour of it is sealed.
  public func month(_ month: Month) -> MonthAccounts? { months.last { $0.month == month } }

  /// The place of a month, made where there is none.
  mutating func monthIndex(_ month: Month) -> Int {
    var index = months.count
    while index > 0, months[index - 1].month > month { index -= 1 }
    if index > 0, months[index - 1].month == month { return index - 1 }
    months.insert(MonthAccounts(month: month), at: index)
    return index
  }
}

/// Where the GPU-seconds of one cluster went in one month.
public struct MonthAccounts: Hashable, Record {
  public let month: Month
  /// By account, in the order of accounts.
  public internal(set) var seconds: [GPUSeconds]
  public internal(set) var capacity = GPUSeconds.zero
  public internal(set) var contradicted = GPUSeconds.zero
  /// Seconds of the month that have a statement.
  public internal(set) var sealedSeconds: Int64 = 0
  public internal(set) var corrections: Int64 = 0
  /// Statements of which something was erased: what stood in somebody's name is not all known any
  /// more.
  public internal(set) var erased: Int64 = 0

  init(month: Month) {
    self.month = month
    seconds = Array(repeating: .zero, count: Account.count)
  }

  public subscript(account: Account) -> GPUSeconds { seconds[account.index] }
  /// Whole hours of the month that have statements.
  public var hours: Int64 { sealedSeconds / Hour.seconds }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("capacity", capacity)
    writer.field("contradicted", contradicted)
    writer.field("corrections", corrections)
    writer.field("erased", erased)
    writer.field("month", month)
    writer.field("sealedSeconds", sealedSeconds)
    writer.field("seconds", seconds)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    capacity = try reader.field("capacity")
    contradicted = try reader.field("contradicted")
    corrections = try reader.field("corrections")
    erased = try reader.field("erased")
    month = try reader.field("month")
    sealedSeconds = try reader.field("sealedSeconds")
    seconds = try reader.field("seconds")
    guard seconds.count == Account.count else { throw reader.malformed("an account each") }
  }
}

extension ClusterAccounts: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("corrected", corrected)
    writer.field("firstSealed", firstSealed)
    writer.field("gpus", gpus)
    writer.field("lastSealed", lastSealed)
    writer.field("months", months)
    writer.field("operatorShare", operatorShare)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    corrected = try reader.field("corrected")
    firstSealed = try reader.field("firstSealed")
    gpus = try reader.field("gpus")
    lastSealed = try reader.field("lastSealed")
    months = try reader.field("months")
    operatorShare = try reader.field("operatorShare")
  }
}
