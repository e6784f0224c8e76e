/// What one allocation used and what stood ready for it, by month and cluster, as it was sealed.
public struct AllocationUsage: Hashable, Record {
  /// Ascending by month, then cluster.
  public internal(set) var months: [AllocationMonth] = []

  init() {}

  public func writeFields(to writer: inout CanonicalWriter) { writer.field("months", months) }
  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    months = try reader.field("months")
  }

  /// The place of a month at a cluster, made where there is none.
  mutating func index(_ month: Month, _ cluster: ClusterID) -> Int {
    var index = months.count
    while index > 0, (months[index - 1].month, months[index - 1].cluster) > (month, cluster) {
      index -= 1
    }
    if index > 0, months[index - 1].month == month, months[index - 1].cluster == cluster {
      return index - 1
    }
    months.insert(AllocationMonth(month: month, cluster: cluster), at: index)
    return index
  }
}

/// GPU-seconds in one allocation's name, in one month at one cluster.
public struct AllocationMonth: Hashable, Record {
  public let month: Month
  public let cluster: ClusterID
  public internal(set) var used = GPUSeconds.zero
  /// Used by it of what another award lends it.
  public internal(set) var lent = GPUSeconds.zero
  public internal(set) var idle = GPUSeconds.zero
  public internal(set) var delayed = GPUSeconds.zero

  init(month: Month, cluster: ClusterID) {
    self.month = month
    self.cluster = cluster
  }

  /// What it had to itself, used or not: what is charged. Delay and outage are not in it.
  public var charged: GPUSeconds { used + lent + idle }

  /// Adds to one of the accounts that stand in somebody's name; nothing for any other.
  mutating func add(_ seconds: GPUSeconds, to account: Account) {
    switch account {
    case .used: used += seconds
    case .lent: lent += seconds
    case .idle: idle += seconds
    case .delayed: delayed += seconds
    case .unallocated, .down, .maintenance, .operatorShare, .unobserved: break
    }
  }

  subscript(account: Account) -> GPUSeconds {
    switch account {
    case .used: used
    case .lent: lent
    case .idle: idle
    case .delayed: delayed
    case .unallocated, .down, .maintenance, .operatorShare, .unobserved: .zero
    }
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("cluster", cluster)
    writer.field("delayed", delayed)
    writer.field("idle", idle)
    writer.field("lent", lent)
    writer.field("month", month)
    writer.field("used", used)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    cluster = try reader.field("cluster")
    delayed = try reader.field("delayed")
    idle = try reader.field("idle")
    lent = try reader.field("lent")
    month = try reader.field("month")
    used = try reader.field("used")
  }
}

extension Account {
  /// Whether its rows stand in an allocation's name.
  var isSomebodys: Bool {
    switch self {
    case .used, .lent, .idle, .delayed: true
    case .unallocated, .down, .maintenance, .operatorShare, .unobserved: false
    }
  }
}
