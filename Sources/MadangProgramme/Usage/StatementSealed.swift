/// Where the GPU-seconds of one hour of one cluster went, sealed for ever (사용 명세).
///
/// The first statement of an hour has its totals. A correction names the statement that it
/// corrects, and has differences: what has to be added to come to what is known now.
public struct StatementSealed: Hashable, Sendable {
  /// The sum of each account that is not zero, ascending.
  public let accounts: [AccountTotal]
  /// Of those accounts what stands in somebody's name. One event is about many teams, so that it
  /// is no single one's to open: each sees its own through the office.
  public let allocations: Sealed<[AccountRow]>
  /// Capacity × time, which the accounts add up to; 0 in a correction.
  public let capacity: GPUSeconds
  public let cluster: ClusterID
  public let contradicted: Sealed<GPUSeconds>
  /// Nothing in the first statement of an hour, which is number 0; else the number of the newest
  /// one before this, which is one more.
  public let corrects: Int32?
  public let hour: Hour
  public let model: DeviceModelID
  /// Of the Merkle tree (RFC 6962) over the segments behind it, whole and not cut to the hour, in
  /// order of start, job and number. Sealed: what is easily guessed shows through a bare hash.
  public let root: Sealed<Digest>
  public let segments: Int64

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("accounts", accounts)
    writer.sealed("allocations", .office, allocations)
    writer.field("capacity", capacity)
    writer.field("cluster", cluster)
    writer.sealed("contradicted", .office, contradicted)
    writer.field("corrects", corrects)
    writer.field("hour", hour)
    writer.field("model", model)
    writer.sealed("root", .office, root)
    writer.field("segments", segments)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    accounts = try reader.field("accounts")
    allocations = try reader.sealed("allocations", .office)
    capacity = try reader.field("capacity")
    cluster = try reader.field("cluster")
    contradicted = try reader.sealed("contradicted", .office)
    corrects = try reader.field("corrects")
    hour = try reader.field("hour")
    model = try reader.field("model")
    root = try reader.sealed("root", .office)
    segments = try reader.field("segments")
  }

  /// Upcast: before version 2 an hour was one of UTC, told by its beginning.
  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    accounts = try reader.field("accounts")
    allocations = try reader.sealed("allocations", .office)
    capacity = try reader.field("capacity")
    cluster = try reader.field("cluster")
    contradicted = try reader.sealed("contradicted", .office)
    corrects = try reader.field("corrects")
    let start: Instant = try reader.field("hour")
    guard start.seconds % Hour.seconds == 0 else { throw reader.malformed("the start of an hour") }
    hour = Hour(from: start)
    model = try reader.field("model")
    root = try reader.sealed("root", .office)
    segments = try reader.field("segments")
  }

  init(_ statement: UsageStatement) {
    let sums = statement.totals.accounts
    accounts = Account.allCases.compactMap { account in
      let seconds = sums[account.index]
      return seconds == .zero ? nil : AccountTotal(account: account, seconds: seconds)
    }
    allocations = Sealed(statement.totals.rows.filter { $0.allocation != nil })
    capacity = statement.totals.capacity
    cluster = statement.cluster
    contradicted = Sealed(statement.totals.contradicted)
    corrects = statement.corrects
    hour = statement.hour
    model = statement.model
    root = Sealed(statement.root)
    segments = statement.segments
  }
}

/// GPU-seconds of an account of a whole cluster.
public struct AccountTotal: Hashable, Record {
  public let account: Account
  public let seconds: GPUSeconds

  public init(account: Account, seconds: GPUSeconds) {
    self.account = account
    self.seconds = seconds
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("account", account)
    writer.field("seconds", seconds)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    account = try reader.field("account")
    seconds = try reader.field("seconds")
  }
}

/// A statement as it is asked to be sealed: computed by `HourClosing` from what the operations
/// tables hold.
public struct UsageStatement: Hashable, Sendable {
  public let cluster: ClusterID
  public let model: DeviceModelID
  public let hour: Hour
  /// Of a correction: differences.
  public let totals: HourTotals
  public let segments: Int64
  public let root: Digest
  /// The number of the statement that it corrects.
  public let corrects: Int32?

  public init(
    cluster: ClusterID, model: DeviceModelID, hour: Hour, totals: HourTotals, segments: Int64,
    root: Digest, corrects: Int32?
  ) {
    self.cluster = cluster
    self.model = model
    self.hour = hour
    self.totals = totals
    self.segments = segments
    self.root = root
    self.corrects = corrects
  }
}
