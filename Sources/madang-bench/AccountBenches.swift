import Foundation
import MadangJournal
import MadangProgramme
import MadangSimulator

/// One year of 260,000 GPUs: what they ran is recorded, posted, closed hour by hour and sealed.
enum AccountBenches {
  /// A year of 20 clusters of 13,000 GPUs, cut by the hour: 1,141 segments in each.
  private static let segmentsMax = 10_000_000
  private static let clusters = 20
  private static let gpus: Int64 = 13_000
  private static let allocationsEach = 15
  /// Agents upload, and hours are closed, a week at a time: 9,600 segments of a cluster.
  static let days: Int64 = 7

  static func year() throws {
    let asked = ProcessInfo.processInfo.environment["SEGMENTS"].flatMap { Int($0) }
    try run(asked ?? segmentsMax, .likeSlurm)
    // A tenth with names without any order, as Kubernetes gives them.
    try run((asked ?? segmentsMax) / 10, .random)
  }

  /// Seconds spent in each part.
  private struct Parts {
    /// Not in the total: observations come by the clock, not by the segment.
    var observing = 0.0
    var recording = 0.0
    var closing = 0.0
    var sealing = 0.0
    var total: Double { recording + closing + sealing }
    /// Processor seconds of the total.
    var processor = 0.0
  }

  /// Adds the seconds of a part, and the processor's to the total.
  private static func measure(
    _ part: WritableKeyPath<Parts, Double>, _ parts: inout Parts, _ body: () throws -> Void
  ) rethrows {
    let before = Measure.processorSeconds()
    parts[keyPath: part] += try Measure.seconds(body)
    if part != \.observing { parts.processor += Measure.processorSeconds() - before }
  }

  private static func run(_ count: Int, _ naming: BenchCluster.Naming) throws {
    try JournalBenches.inFolder { folder in
      let journal = try JournalBenches.journal(folder)
      try found(journal)
      let operations = try Operations(folder: folder)
      let generator = SeededGenerator(seed: 17)
      var fleet = (1...clusters).map { number in
        BenchCluster(
          ClusterID(number), gpus: gpus, allocations: allocationsEach, naming,
          generator.child("cluster", number))
      }
      var parts = Parts()
      var memory: [Double] = []
      var week: Int64 = 0
      while fleet.reduce(0, { $0 + $1.count }) < count {
        try pass(week, &fleet, operations, journal, &parts)
        week += 1
        let done = fleet.reduce(0) { $0 + $1.count }
        if done * 10 / count >= memory.count { memory.append(Measure.memoryMiB().resident) }
      }
      try check(fleet, operations, journal)
      report(naming, fleet, parts, memory, week)
      try operations.close()
      try journal.close()
    }
  }

  /// A week: each cluster's agent uploads it, its hours are closed, the journal seals them.
  private static func pass(
    _ week: Int64, _ fleet: inout [BenchCluster], _ operations: Operations, _ journal: Journal,
    _ parts: inout Parts
  ) throws {
    let end = Instant(BenchCluster.start.seconds + (week + 1) * days * 86_400)
    var requests: [Request] = []
    var statements: [UsageStatement] = []
    let programme = journal.programme
    for index in fleet.indices {
      let segments = fleet[index].week(week)
      let metered = fleet[index].metered
      try measure(\.recording, &parts) {
        let results = try operations.record(segments, at: metered, received: end)
        precondition(results.allSatisfy { $0 == .accepted }, "the bench's usage is all accepted")
      }
      try measure(\.observing, &parts) { try fleet[index].observe(week, operations) }
      try measure(\.closing, &parts) {
        guard let days = programme.charter?.days else { preconditionFailure("not founded") }
        let drafts = try operations.close(
          metered, programme.accounts(of: metered.cluster), days, before: end)
        statements += drafts.map(\.statement)
      }
    }
    requests = statements.map {
      Request(
        Envelope(by: Fixture.person(1), received: end, command: .sealStatement($0)), key: nil)
    }
    try measure(\.sealing, &parts) {
      JournalBenches.accept(try journal.submit(requests))
      try operations.confirm(statements)
    }
  }

  /// Sums counted beside the tables and the journal, which have to be the same.
  private static func check(
    _ fleet: [BenchCluster], _ operations: Operations, _ journal: Journal
  ) throws {
    let programme = journal.programme
    for cluster in fleet {
      let accounts = programme.accounts(of: cluster.metered.cluster)
      let sums = Account.allCases.map { account in
        accounts.months.reduce(Int64(0)) { $0 + $1[account].count }
      }
      let capacity = accounts.months.reduce(Int64(0)) { $0 + $1.capacity.count }
      precondition(sums[Account.used.index] == cluster.gpuSeconds, "used is not what was metered")
      precondition(sums.reduce(0, +) == capacity, "the accounts do not add up to capacity")
    }
    try operations.checkInvariants()
  }

  private static func report(
    _ naming: BenchCluster.Naming, _ fleet: [BenchCluster], _ parts: Parts, _ memory: [Double],
    _ weeks: Int64
  ) {
    let count = fleet.reduce(0) { $0 + $1.count }
    func rate(_ seconds: Double) -> String { Measure.text(Double(count) / seconds, 0) }
    let name = naming == .random ? "  job names without order" : "usage posted and sealed"
    Measure.report(
      "\(name), \(count) segments", "\(rate(parts.total))/s, sums exact", bar: "200,000/s")
    Measure.report(
      "  recorded and posted; closed; sealed",
      "\(rate(parts.recording))/s; \(rate(parts.closing))/s; \(rate(parts.sealing))/s; "
        + "\(Measure.text(parts.processor / Double(count) * 1e6)) µs of CPU a segment", bar: "–")
    let marks = memory.map { Measure.text($0, 0) }.joined(separator: " ")
    Measure.report(
      "  memory in MiB, ten times in \(weeks) weeks", marks, bar: "does not grow with records")
  }

  /// The clusters, and allocations of one large award that use them.
  private static func found(_ journal: Journal) throws {
    var fixture = Fixture.founded(gpus: 1_600, steps: 1, recording: true)
    var generator = SeededGenerator(seed: 5)
    fixture.submit(4, round: 2, organisations: 4, ownTerms: false, &generator)
    fixture.judge(round: 2, reviews: 1, &generator)
    fixture.decide(round: 2, awards: 4)
    let award = fixture.programme.awards.ids.first {
      fixture.programme.awards[$0].line == LineID(1)
    }
    for number in 1...clusters {
      let figure = Figure(
        value: gpus, confidence: .accepted, source: SourceID(1), on: Fixture.day("2025-01-01"),
        note: nil)
      let cluster = Cluster(
        slug: Fixture.slug("cluster-\(number)"), site: SiteID(1), model: DeviceModelID(1),
        servers: gpus / 8, gpus: Claims(first: figure))
      fixture.give(.define(.cluster(ClusterID(number), cluster)))
      let engine = ClusterEngine(kind: .slurm, simulated: true)
      fixture.give(.define(.engine(ClusterID(number), engine)))
      for _ in 1...allocationsEach {
        guard let award else { preconditionFailure("an award of the clusters' model") }
        fixture.give(.allocate(award, ClusterID(number), .budget(GPUSeconds(1_000_000))))
      }
    }
    try JournalBenches.play(fixture.log, journal, batch: 1_000)
  }
}

/// One cluster's jobs, hour after hour.
struct BenchCluster {
  enum Naming { case likeSlurm, random }

  /// 2026-02-01T00:00:00Z: after the round that gave the award.
  static let start = Instant(1_769_904_000)
  private static let slots = 57

  private struct Slot {
    var job = EngineJob(high: 0, low: 0)
    var number: Int32 = 0
    var hoursLeft = 0
    var gpus: Int32 = 0
    var allocation = AllocationID(1)
  }

  let metered: MeteredCluster
  private let gpus: Int64
  private let allocations: Int
  private let naming: Naming
  private var generator: SeededGenerator
  private var slots = Array(repeating: Slot(), count: BenchCluster.slots)
  private var jobs: UInt64 = 0
  /// Segments so far, and their GPU-seconds.
  private(set) var count = 0
  private(set) var gpuSeconds: Int64 = 0

  init(
    _ cluster: ClusterID, gpus: Int64, allocations: Int, _ naming: Naming,
    _ generator: SeededGenerator
  ) {
    metered = MeteredCluster(
      cluster: cluster, model: DeviceModelID(1), gpusMax: gpus,
      knows: { $0.number <= 1_000 })
    self.gpus = gpus
    self.allocations = allocations
    self.naming = naming
    self.generator = generator
  }

  /// What ran in a week, in the order in which an agent meters it: cut by the hour, each job from
  /// some second on.
  mutating func week(_ week: Int64) -> [UsageSegment] {
    var segments: [UsageSegment] = []
    let hours = 24 * AccountBenches.days
    segments.reserveCapacity(Int(hours) * BenchCluster.slots)
    for hour in 0..<hours {
      let start = BenchCluster.start.seconds + (week * hours + hour) * 3_600
      for index in slots.indices {
        var from = start
        if slots[index].hoursLeft == 0 {
          begin(index)
          from += Int64(generator.draw(0...600))
        }
        let slot = slots[index]
        let segment = UsageSegment(
          key: UsageKey(cluster: metered.cluster, job: slot.job, number: slot.number),
          allocation: slot.allocation, model: metered.model, gpus: slot.gpus,
          from: Instant(from), to: Instant(start + 3_600))
        slots[index].number += 1
        slots[index].hoursLeft -= 1
        segments.append(segment)
        gpuSeconds += segment.gpuSeconds.count
      }
    }
    count += segments.count
    return segments
  }

  private mutating func begin(_ index: Int) {
    jobs += 1
    let allocation = (Int(metered.cluster.number) - 1) * allocations
    slots[index] = Slot(
      job: naming == .random
        ? EngineJob(high: generator.next(), low: generator.next())
        : EngineJob(high: 0, low: jobs << 8),
      number: 0, hoursLeft: generator.draw(1...47),
      gpus: Int32(8 * generator.draw(8...28)),
      allocation: AllocationID(allocation + generator.draw(1...allocations)))
  }

  /// The cluster looked at every day: some devices down, another number of them each time.
  mutating func observe(_ week: Int64, _ operations: Operations) throws {
    for day in (week * AccountBenches.days)...((week + 1) * AccountBenches.days) {
      let down = Int64(8 * (day % 5))
      let at = Instant(BenchCluster.start.seconds + day * 86_400)
      _ = try operations.observe(
        ObservedState(
          cluster: metered.cluster, generation: nil, at: at, allocations: [],
          devices: DeviceCounts(up: gpus - down, down: down)),
        desired: DesiredState(cluster: metered.cluster, generation: 0, allocations: []),
        silenceSeconds: 86_400)
    }
  }
}
