import Testing

@testable import MadangProgramme

/// Whole stories of awards, allocations, amendments and read-backs: whatever is asked in whatever
/// order, nothing is promised twice, and nothing that an engine is to enforce changes unseen.
struct BindingProperties {
  @Test func `no line, award or cluster is promised twice on any day, in any story`() {
    var seen = Seen()
    seeds(60) { seed, random in
      var story = BindingStory(&random)
      for _ in 0..<180 {
        let before = story.scenario.events.count
        story.step(&random)
        guard story.scenario.events.count > before else { continue }
        seen.count(story.scenario.events[before...])
        let faults = story.faults()
        #expect(faults.isEmpty, "SEED=\(seed) after \(story.last): \(faults)")
        if !faults.isEmpty { return }
      }
    }
    #expect(repeatsOneSeed || seen.isEnough, "too little happened to mean anything: \(seen)")
  }

  @Test func `the same events give the same programme, and a snapshot is the whole of it`() throws {
    try seeds(30) { seed, random in
      var story = BindingStory(&random)
      for _ in 0..<90 { story.step(&random) }
      let programme = story.scenario.programme
      let bytes = programme.snapshotBytes()
      var replayed = Programme()
      for leaf in story.leaves {
        let encoded = leaf.fixed
        let read = try Leaf(bytes: encoded.bytes, openings: encoded.openings)
        #expect(read == leaf, "SEED=\(seed) \(leaf.event.type)")
        replayed.apply(read.event, read.header)
      }
      #expect(replayed.snapshotBytes() == bytes, "SEED=\(seed)")
      let restored = try Programme(snapshotBytes: bytes)
      #expect(restored.snapshotBytes() == bytes, "SEED=\(seed)")
      for cluster in programme.clusters.ids {
        let desired = CanonicalWriter.bytes(of: programme.desired(cluster))
        #expect(CanonicalWriter.bytes(of: restored.desired(cluster)) == desired, "SEED=\(seed)")
        #expect(CanonicalWriter.bytes(of: replayed.desired(cluster)) == desired, "SEED=\(seed)")
      }
    }
  }

  /// What stories have to reach before they prove anything.
  private struct Seen {
    var made = 0
    var enforced = 0
    var late = 0
    var amended = 0
    var returned = 0
    var left = 0
    var wiped = 0
    var lent = 0
    var given = 0

    mutating func count(_ events: ArraySlice<Event>) {
      for event in events {
        switch event {
        case .allocationMade: made += 1
        case .bindingEnforced: enforced += 1
        case .clockStarted(let body): late += body.delayDays > 0 ? 1 : 0
        case .amendmentApproved: amended += 1
        case .allocationReturned: returned += 1
        case .departureReturned: left += 1
        case .wipeOrdered: wiped += 1
        case .lendingConcluded: lent += 1
        case .lendingEnded: given += 1
        default: continue
        }
      }
    }

    var isEnough: Bool {
      made > 100 && enforced > 100 && late > 20 && amended > 100 && returned > 20 && left > 5
        && wiped > 5 && lent > 5 && given > 5
    }
  }
}

/// One random story: six awards on one line, four clusters of three kinds of engine.
struct BindingStory {
  private(set) var scenario = Scenario()
  private(set) var leaves: [Leaf] = []
  private(set) var last = ""
  /// What each cluster's desired state was under each generation.
  private var desired: [String: [UInt8]] = [:]
  private var generations: [Int64] = []
  private var certificates: UInt64 = 0
  /// The day on which what was left would have been free anyway, or is expected to be back.
  private var departed: [Day] = []
  /// The same of what ended, by award and by lending: a wipe that is late keeps nothing longer.
  private var awardsBack: [AwardID: Day] = [:]
  private var lendingsBack: [LendingID: Day] = [:]
  /// What became of limits and awards, and how many of the events are in it.
  private var past = LimitsPast()
  private var read = 0
  private static let clusters = ["c1", "c2", "c3", "c4"]

  init(_ random: inout Seeded) {
    let spare = random.pick(["", "spares=8"])
    var lines = random.chance(50) ? ["readable \(random.draw(1...9) as Int)"] : []
    lines += [
      "model h100", "line kakao h100 64 \(spare)", "cluster c1 h100 4", "engine c1 handover",
      "cluster c2 h100 2", "engine c2 local", "cluster c3 h100 4", "engine c3 slurm",
      "cluster c4 h100 3", "engine c4 handover", "pool a", "track ta a",
      "round r1 kakao:64 period=2026-03-01..2026-05-01",
    ]
    let terms = [
      "2026-03-01..2026-03-11", "2026-03-05..2026-03-20", "2026-03-11..2026-04-01",
      "2026-03-01..2026-05-01",
    ]
    for name in ["A", "B", "C", "D", "E", "F"] {
      let gpus = 8 * (random.draw(1...3) as Int)
      lines.append(
        "apply \(name) ta \(gpus) \(random.draw(40...99) as Int) "
          + "term=\(random.pick(terms))")
    }
    lines += ["decide r1"] + ["A", "B", "C", "D", "E", "F"].map { "conclude \($0)" }
    lines += (1...6).flatMap { ["member award-\($0) 7", "member award-\($0) 8"] }
    lines.append("at 2026-02-28")
    for (number, event) in scenario.events.enumerated() {
      // What every scenario begins with.
      let header = Header(
        number: Int64(number), at: scenario.clock, received: scenario.clock, by: scenario.clerk)
      leaves.append(Leaf(header: header, event: event))
    }
    for line in lines { run(line) }
  }

  mutating func step(_ random: inout Seeded) {
    let award = "award-\(random.draw(1...6) as Int)"
    let allocation = random.draw(1...max(1, scenario.programme.allocations.count)) as Int
    let cluster = random.pick(BindingStory.clusters)
    switch random.draw(0...30) as Int {
    case 0...4: run("allocate \(award) \(cluster) \(BindingStory.limit(&random))")
    case 5...7:
      let change = BindingStory.change(allocation, cluster, &random)
      let owner = scenario.programme.allocations.row(AllocationID(allocation))?.award
      run("draft-amendment \(owner.map { "\($0)" } ?? award) \(change)")
      let newest = max(1, scenario.programme.amendments.count)
      if random.chance(70) { run("approve-amendment \(newest)") }
    case 8: run("approve-amendment \(random.draw(1...20) as Int) by=\(random.draw(1...2) as Int)")
    case 9: run("return-amendment \(random.draw(1...20) as Int)")
    case 10: run("confirm \(allocation) assets=5 by=7")
    case 11...15, 23...27: readBack(scenario.id(cluster), &random)
    case 20...22, 28...30: lend(allocation, award, &random)
    case 16: run("maintenance kakao 8 \(random.pick(BindingStory.windows))")
    default:
      let hours: Int64 = random.draw(1...60)
      scenario.clock = Instant(scenario.clock.seconds + 3_600 * hours)
      let day = scenario.programme.charter?.days.day(of: scenario.clock)
      if random.chance(70) { run("advance \(day.map { "\($0)" } ?? "2026-03-01")") }
    }
  }

  /// One of the members offers, the other concludes, either ends.
  private mutating func lend(_ allocation: Int, _ award: String, _ random: inout Seeded) {
    let newest = max(1, scenario.programme.lendings.count)
    switch random.draw(0...4) as Int {
    case 0, 1:
      let usable = scenario.programme.allocations.ids.filter {
        scenario.programme.allocations[$0].firstUse != nil
      }
      let lender = usable.isEmpty ? allocation : Int(random.pick(usable).number)
      run(
        "lend \(lender) \(random.pick([4, 8, 16])) \(award) \(random.pick(BindingStory.days)) "
          + "notice=\(random.draw(0...5) as Int) by=7")
      run("conclude-lending \(max(1, scenario.programme.lendings.count)) by=8")
    case 2: run("conclude-lending \(newest) by=\(random.draw(7...8) as Int)")
    case 3: run("end-lending \(random.draw(1...newest) as Int) by=\(random.draw(7...8) as Int)")
    default: run("withdraw-lending \(newest) by=7")
    }
  }

  private static let days = ["2026-03-09", "2026-03-11", "2026-03-18", "2026-04-10"]

  private static let windows = [
    "2026-03-02..2026-03-09", "2026-03-11..2026-03-13", "2026-04-01..2026-04-20",
  ]

  private static func limit(_ random: inout Seeded) -> String {
    random.chance(70)
      ? "\(random.pick([1, 4, 8, 8, 8, 16, 16, 24, 0]))"
      : "budget=\(random.draw(-1...9_000_000) as Int)"
  }

  private static func change(
    _ allocation: Int, _ cluster: String, _ random: inout Seeded
  ) -> String {
    switch random.draw(0...10) as Int {
    case 10: "recall \(allocation)"
    case 0: "extension 2026-0\(random.draw(3...5) as Int)-\(random.draw(10...28) as Int)"
    case 1: "supplement \(random.pick([4, 8, 16]))"
    case 2: "transfer \(allocation) \(cluster)"
    case 3, 4: "resize \(allocation) \(limit(&random))"
    case 5: "override \(allocation) \(limit(&random))"
    case 6: "override-end \(allocation)"
    case 7: "suspension"
    case 8: "resumption"
    default: random.chance(50) ? "end" : "extension 2026-03-21"
    }
  }

  /// What an engine holds that does as it is told, more or less.
  private mutating func readBack(_ cluster: ClusterID, _ random: inout Seeded) {
    let desired = scenario.programme.desired(cluster)
    var rows = desired.allocations.map { row in
      ObservedAllocation(
        allocation: row.allocation, limit: row.limit, suspended: row.suspended,
        readyGPUs: row.limit.gpus, assets: Digest(0, 0, 0, 5))
    }
    if random.chance(15), !rows.isEmpty { rows.removeLast() }
    if random.chance(15), let row = rows.first {
      rows[0] = ObservedAllocation(
        allocation: row.allocation, limit: row.limit, suspended: row.suspended,
        readyGPUs: row.limit.gpus / 2, assets: row.assets)
    }
    let wiped = random.chance(60) ? scenario.programme.allocations.ids.map { $0 } : []
    certificates += 1
    let generation = random.chance(85) ? desired.generation : random.draw(0...400) as Int64
    let observed = ObservedState(
      cluster: cluster, generation: generation, at: scenario.clock, allocations: rows,
      devices: DeviceCounts(),
      wiped: wiped.map {
        WipeCertificate(allocation: $0, certificate: Digest(0, 0, 1, certificates))
      })
    keep("read-back of \(cluster)") { (scenario) throws(Refusal) in
      try scenario.give(.readBack(observed))
    }
  }

  private mutating func run(_ line: String) { keep(line) { $0.run(line) } }

  /// Does something, and keeps the events that came of it as they would stand in the journal.
  private mutating func keep<Failure: Error, Answer>(
    _ what: String, _ body: (inout Scenario) throws(Failure) -> Answer
  ) {
    let before = scenario.events.count
    var now = scenario.programme.now
    var number = scenario.programme.eventCount
    // A refusal is an answer like any other.
    _ = try? body(&scenario)
    for event in scenario.events[before...] {
      now = max(now, scenario.clock)
      leaves.append(
        Leaf(
          header: Header(
            number: number, at: now, received: scenario.clock, by: scenario.clerk),
          event: event))
      number += 1
    }
    if scenario.events.count > before { last = what }
  }
}

/// The recounts: from rows alone, day by day, sharing nothing with the rules.
extension BindingStory {
  mutating func faults() -> [String] {
    var faults = desiredFaults()
    let programme = scenario.programme
    while read < leaves.count {
      past.read(leaves[read], programme)
      expect(leaves[read].event)
      read += 1
    }
    let today = programme.charter?.days.day(of: programme.now)
    for offset in 0..<120 {
      let day = Day(year: 2026, month: 2, day: 1).advanced(by: offset)
      // What was added since is no promise of days that are over.
      if let today, day >= today { faults += lineFaults(programme, day) }
      faults += clusterFaults(programme, day)
      faults += BindingStory.awardFaults(programme, day)
    }
    for id in programme.awards.ids {
      faults += past.faults(of: id, programme) + BindingStory.suspensionFaults(id, programme)
    }
    return Array(faults.prefix(4))
  }

  /// Until when what goes away is held at least: its days of reading, or the day itself.
  private mutating func expect(_ event: Event) {
    switch event {
    case .awardEnded(let body):
      awardsBack[body.award] = max(body.on.advanced(by: 1), body.readableTo ?? body.on)
    case .lendingEnded(let body):
      lendingsBack[body.lending] = max(body.on.advanced(by: 1), body.readableTo ?? body.on)
    case .allocationDeparted(let body):
      let end = scenario.programme.allocations[body.allocation].term.to
      departed.append(min(end, max(body.from.advanced(by: 1), body.readableTo ?? body.from)))
    default: break
    }
  }

  private func lineFaults(_ programme: Programme, _ day: Day) -> [String] {
    var held: Int64 = 0
    programme.offers.forEach { _, offer in
      if let id = offer.award {
        let award = programme.awards[id]
        // Whoever gives back early holds what was promised until it is back.
        let back = award.returnedOn ?? awardsBack[id] ?? award.term.to
        let to = award.ended == nil ? award.term.to : back
        if award.term.from <= day, day < min(to, award.term.to) { held += award.gpus }
      } else if offer.standing == .open, offer.term.contains(day) {
        held += offer.gpus
      }
    }
    let line = programme.lines[LineID(1)]
    // Maintenance that was announced after the awards takes nothing back.
    let most = line.line.gpus.value - line.line.spares
    return held > most ? ["line on \(day): \(held) of \(most)"] : []
  }

  private func clusterFaults(_ programme: Programme, _ day: Day) -> [String] {
    programme.clusters.ids.compactMap { id in
      var held: Int64 = 0
      programme.allocations.forEach { _, row in
        guard row.cluster == id, row.term.from <= day else { return }
        guard day < row.term.to else { return }
        if row.isBound { held += row.binding.gpus }
        // What it lends is in the other team's hands, or on its way back.
        guard row.standing == .ended else { return }
        let back = row.lending.map { lendingsBack[$0] } ?? awardsBack[row.award]
        if let back, day < back { held += row.limit.gpus - row.lentGPUs }
      }
      // What left and is not wiped is nobody's to be given.
      for (departure, to) in zip(programme.departures.ids, departed) {
        let row = programme.departures[departure]
        guard row.cluster == id, row.stage != .returned else { continue }
        if row.from <= day, day < to { held += row.gpus }
      }
      let most = programme.clusters[id].gpus.value
      return held > most ? "\(id) on \(day): \(held) of \(most)" : nil
    }
  }

  private static func awardFaults(_ programme: Programme, _ day: Day) -> [String] {
    programme.awards.ids.compactMap { id in
      let award = programme.awards[id]
      var held: Int64 = 0
      programme.allocations.forEach { _, row in
        guard row.award == id, row.isBound, row.lending == nil, row.term.contains(day),
          award.term.contains(day)
        else { return }
        held += row.limit.gpus
      }
      return held > award.gpus ? "\(id) on \(day): \(held) of \(award.gpus)" : nil
    }
  }

  /// Whoever is suspended has nothing that works.
  private static func suspensionFaults(_ id: AwardID, _ programme: Programme) -> [String] {
    var standings: Set<Allocation.Standing> = []
    programme.allocations.forEach { _, row in
      if row.award == id, row.isBound { standings.insert(row.standing) }
    }
    return standings.count > 1 ? ["\(id) is suspended, and works"] : []
  }

  /// A generation never goes back, and never stands for two states.
  private mutating func desiredFaults() -> [String] {
    var faults: [String] = []
    let programme = scenario.programme
    for (index, cluster) in programme.clusters.ids.enumerated() {
      let state = programme.desired(cluster)
      let bytes = CanonicalWriter.bytes(of: state)
      if generations.count <= index { generations.append(0) }
      if state.generation < generations[index] { faults.append("\(cluster) went back") }
      generations[index] = state.generation
      let key = "\(cluster) \(state.generation)"
      if let known = desired[key], known != bytes { faults.append("\(key) is two states") }
      desired[key] = bytes
    }
    return faults
  }
}

extension AllocationLimit {
  /// GPUs of a reservation; none of a budget.
  var gpus: Int64 { if case .reserved(let gpus) = self { gpus } else { 0 } }
}
