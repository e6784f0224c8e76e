import MadangJournal
import MadangProgramme

/// A cluster of 64 GPUs since the start of an hour, nine allocations of one award there, and what
/// tests meter.
struct Metering {
  let folder: TestFolder
  let journal: Journal
  let operations: Operations
  /// Programme time when the cluster was defined: the start of an hour.
  static let start = TestProgramme.at(hours: 24 * 32)
  static let first = Hour(of: start)

  init(_ folder: TestFolder, ahead: Int64 = 0) throws {
    self.folder = folder
    journal = try folder.founded(ahead: ahead)
    // All but the passing of time, which would let the offers lapse.
    let round = TestProgramme.wholeRound(applicants: 1).dropLast()
    let concluded = TestProgramme.request(
      .concludeContract(ApplicationID(1)), at: TestProgramme.at(hours: 24 * 31))
    for reply in try journal.submit(round + [concluded]) { _ = try reply.receipt }
    let cluster = Cluster(
      slug: TestProgramme.slug("c1"), site: SiteID(1), model: DeviceModelID(1), servers: 8,
      gpus: TestProgramme.claims(64))
    let engine = ClusterEngine(kind: .local, simulated: true)
    let allocate = Command.allocate(AwardID(1), ClusterID(1), .budget(GPUSeconds(1_000)))
    let commands: [Command] =
      [.define(.cluster(ClusterID(1), cluster)), .define(.engine(ClusterID(1), engine))]
      + Array(repeating: allocate, count: 9)
    let requests = commands.map { TestProgramme.request($0, at: Metering.start) }
    for reply in try journal.submit(requests) { _ = try reply.receipt }
    operations = try Operations(folder: folder.path)
  }

  /// Opens both again, as a new process does.
  init(again folder: TestFolder) throws {
    self.folder = folder
    journal = try folder.open()
    operations = try Operations(folder: folder.path)
  }

  func close() throws {
    try operations.close()
    try journal.close()
  }

  static let cluster = MeteredCluster(
    cluster: ClusterID(1), model: DeviceModelID(1), gpusMax: 64, knows: { $0.number <= 9 },
    // Allocation 9 is lent to its team, wherever a test reserves it.
    isLent: { $0.number == 9 })

  static func at(_ seconds: Int64) -> Instant { Instant(start.seconds + seconds) }

  static func segment(
    _ span: Range<Int64>, job: UInt64 = 1, number: Int32 = 0, allocation: Int? = 1,
    gpus: Int32 = 8
  ) -> UsageSegment {
    UsageSegment(
      key: UsageKey(
        cluster: ClusterID(1), job: EngineJob(high: 7, low: job), number: number),
      allocation: allocation.map { AllocationID($0) }, model: DeviceModelID(1), gpus: gpus,
      from: at(span.lowerBound), to: at(span.upperBound))
  }

  @discardableResult
  func record(_ segments: UsageSegment...) throws -> [SegmentResult] {
    try operations.record(
      segments, at: Metering.cluster, received: Metering.at(100 * 3_600))
  }

  /// Observes the cluster every minute of a span, all devices up; `reserved` are GPUs by
  /// allocation, all of them ready, or none while their teams are suspended.
  func observe(
    _ span: Range<Int64>, up: Int64 = 64, down: Int64 = 0,
    reserved: [(id: Int, gpus: Int64)] = [], suspended: Bool = false
  ) throws {
    let desired = reserved.map { row in
      DesiredAllocation(
        allocation: AllocationID(row.id), limit: .reserved(gpus: row.gpus), suspended: suspended,
        from: Metering.at(-1), to: Metering.at(1 << 30))
    }
    let observed = reserved.map { row in
      ObservedAllocation(
        allocation: AllocationID(row.id), limit: .reserved(gpus: row.gpus), suspended: suspended,
        readyGPUs: suspended ? 0 : row.gpus)
    }
    for at in stride(from: span.lowerBound, through: span.upperBound, by: 60) {
      _ = try operations.observe(
        ObservedState(
          cluster: ClusterID(1), generation: nil, at: Metering.at(at),
          allocations: observed, devices: DeviceCounts(up: up, down: down)),
        desired: DesiredState(cluster: ClusterID(1), generation: 0, allocations: desired),
        silenceSeconds: 120)
    }
  }

  var days: CivilDays {
    guard let days = journal.programme.charter?.days else { preconditionFailure("not founded") }
    return days
  }

  var accounts: ClusterAccounts { journal.programme.accounts(of: ClusterID(1)) }

  func drafts(before seconds: Int64) throws -> [DraftedStatement] {
    try operations.close(Metering.cluster, accounts, days, before: Metering.at(seconds))
  }

  /// Closes, seals and confirms; answers the statements.
  @discardableResult
  func seal(before seconds: Int64) throws -> [UsageStatement] {
    let drafts = try drafts(before: seconds)
    try submit(drafts)
    try operations.confirm(drafts.map(\.statement))
    return drafts.map(\.statement)
  }

  func submit(_ drafts: [DraftedStatement]) throws {
    let requests = drafts.map {
      TestProgramme.request(
        .sealStatement($0.statement), at: Metering.at(1_000 * 3_600), key: $0.key)
    }
    for reply in try journal.submit(requests) { _ = try reply.receipt }
  }

  /// The only month there is, by account, in GPU-seconds.
  func month(_ account: Account) -> Int64 { accounts.months.first?[account].count ?? 0 }
}
