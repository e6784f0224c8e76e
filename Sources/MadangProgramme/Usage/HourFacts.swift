/// All that is known of one hour of one cluster, from which `HourClosing` finds out where its
/// GPU-seconds went. Facts may lie outside the hour: they are cut to it.
public struct HourFacts: Sendable {
  public let cluster: ClusterID
  public let model: DeviceModelID
  public let hour: Hour
  /// GPUs there are, by the programme: every second of each is in some account.
  public var capacity: Timeline
  /// GPUs that the operator keeps, by agreement.
  public var operatorShare = Timeline.zero
  /// When the cluster was observed at all: 1 while it was, 0 while nobody looked.
  public var coverage = Timeline.zero
  /// GPUs in each state, as they were observed.
  public var up = Timeline.zero
  public var down = Timeline.zero
  public var maintenance = Timeline.zero
  public var preparing = Timeline.zero
  /// In ascending order of allocation, each once.
  public var reservations: [Reservation] = []
  /// In any order, each job's without overlap.
  public var segments: [UsageSegment] = []

  /// GPUs of an award's own (전용 할당) over time.
  public struct Reservation: Hashable, Sendable {
    public let allocation: AllocationID
    /// GPUs that the team is entitled to.
    public var gpus: Timeline
    /// Of them those that it could use, as read back.
    public var ready: Timeline
    /// They are another team's, who lends them (한시 대여).
    public var isLent: Bool

    public init(
      allocation: AllocationID, gpus: Timeline, ready: Timeline, isLent: Bool = false
    ) {
      self.allocation = allocation
      self.gpus = gpus
      self.ready = ready
      self.isLent = isLent
    }
  }

  public init(cluster: ClusterID, model: DeviceModelID, hour: Hour, capacity: Timeline) {
    self.cluster = cluster
    self.model = model
    self.hour = hour
    self.capacity = capacity
  }
}

/// Where the GPU-seconds of an hour went. The rows' sum is `capacity`, exactly.
public struct HourTotals: Hashable, Sendable {
  public var capacity: GPUSeconds
  /// In ascending order of account and then of allocation, nobody's last; none is zero.
  public var rows: [AccountRow]
  /// GPU-seconds that some fact claimed and that had no room beside a stronger one.
  public var contradicted: GPUSeconds

  public init(capacity: GPUSeconds, rows: [AccountRow], contradicted: GPUSeconds) {
    self.capacity = capacity
    self.rows = rows
    self.contradicted = contradicted
  }

  /// The sum of each account, in the order of accounts.
  public var accounts: [GPUSeconds] {
    var sums = Array(repeating: GPUSeconds.zero, count: Account.count)
    for row in rows { sums[row.account.index] += row.seconds }
    return sums
  }
}

/// GPU-seconds of one account, and whose they are where they are somebody's.
public struct AccountRow: Hashable, Record {
  public let account: Account
  /// Who used it, or whose award it stands in.
  public let allocation: AllocationID?
  /// Negative only in a correction, which states differences.
  public let seconds: GPUSeconds

  public init(account: Account, allocation: AllocationID?, seconds: GPUSeconds) {
    self.account = account
    self.allocation = allocation
    self.seconds = seconds
  }

  /// The order of rows: nobody's last.
  static func precedes(_ a: AccountRow, _ b: AccountRow) -> Bool {
    let (x, y) = (a.allocation?.number ?? .max, b.allocation?.number ?? .max)
    return (a.account.index, x) < (b.account.index, y)
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("account", account)
    writer.field("allocation", allocation)
    writer.field("seconds", seconds)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    account = try reader.field("account")
    allocation = try reader.field("allocation")
    seconds = try reader.field("seconds")
  }

  /// What has to be added to `old` to come to `new`: both in the order of rows.
  public static func difference(_ new: [AccountRow], less old: [AccountRow]) -> [AccountRow] {
    var rows: [AccountRow] = []
    var (i, j) = (0, 0)
    while i < new.count || j < old.count {
      if j == old.count || (i < new.count && precedes(new[i], old[j])) {
        rows.append(new[i])
        i += 1
      } else if i == new.count || precedes(old[j], new[i]) {
        rows.append(
          AccountRow(
            account: old[j].account, allocation: old[j].allocation,
            seconds: .zero - old[j].seconds))
        j += 1
      } else {
        let seconds = new[i].seconds - old[j].seconds
        if seconds != .zero {
          rows.append(
            AccountRow(
              account: new[i].account, allocation: new[i].allocation, seconds: seconds))
        }
        i += 1
        j += 1
      }
    }
    return rows
  }
}
