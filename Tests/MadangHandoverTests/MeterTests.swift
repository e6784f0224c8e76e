import Foundation
import MadangProgramme
import Testing

@testable import MadangEngines

/// Whoever held a server at two looks in a row held it between them; nothing else is counted.
struct MeterTests {
  @Test func `what a team holds is metered, and cut at whole hours`() throws {
    let yard = try held()
    _ = try yard.look()
    for _ in 0..<60 { _ = try yard.look(after: 120) }
    // Two whole hours of 8 GPUs; what the third has so far is not over yet.
    #expect(try yard.usage() == [1: 2 * 3_600 * 8 - 60 * 8])
    try yard.set(1, .down)
    _ = try yard.look(after: 30)
    #expect(try yard.usage() == [1: (7_200 + 30) * 8])
  }

  @Test func `nobody looked, so nobody knows`() throws {
    let yard = try held()
    _ = try yard.look()
    _ = try yard.look(after: HandoverMeter.gapSeconds)
    _ = try yard.look(after: HandoverMeter.gapSeconds + 1)
    #expect(try yard.usage() == [1: HandoverMeter.gapSeconds * 8])
    _ = try yard.look(after: 100)
    try yard.set(1, .maintenance)
    _ = try yard.look(after: 100)
    #expect(try yard.usage() == [1: (HandoverMeter.gapSeconds + 200) * 8])
  }

  @Test func `a clock that goes back adds nothing twice`() throws {
    let yard = try held()
    _ = try yard.look()
    _ = try yard.look(after: 600)
    for step in [Int64(-300), 0, 100, 100] { _ = try yard.look(after: step) }
    // Now at 500 of the first 600 seconds: all of them were seen.
    _ = try yard.look(after: 200)
    try yard.set(1, .down)
    _ = try yard.look(after: 100)
    #expect(try yard.usage() == [1: 800 * 8])
  }

  @Test func `a clock that jumped far ahead and came back counts no second twice`() throws {
    let yard = try held()
    _ = try yard.look()
    _ = try yard.look(after: 600)
    _ = try yard.look(after: 86_400)
    _ = try yard.look(after: -86_400)
    try yard.set(1, .down)
    _ = try yard.look(after: 86_500)
    #expect(try yard.usage() == [1: (600 + 100) * 8])
  }

  @Test func `who comes, goes and comes back has segments of its own each time`() throws {
    let yard = try Yard(2)
    for round in 0..<4 {
      try yard.want(Int64(10 * round + 1), "1:8")
      try yard.work()
      _ = try yard.look(after: 10)
      _ = try yard.look(after: 40)
      try yard.want(Int64(10 * round + 2), "")
      _ = try yard.look(after: 50)
      try yard.work()
      try yard.work()
      _ = try yard.look(after: 20)
    }
    #expect(try yard.usage() == [1: 4 * 110 * 8])
  }

  @Test func `what is suspended, broken or wiped is not the team's use`() throws {
    for state in [Inventory.State.suspended, .down, .maintenance, .preparing, .wiping] {
      let yard = try held()
      _ = try yard.look()
      _ = try yard.look(after: 100)
      try yard.set(1, state)
      _ = try yard.look(after: 100)
      _ = try yard.look(after: 100)
      #expect(try yard.usage() == [1: 200 * 8], "\(state)")
    }
  }

  @Test func `the same cursor gives the same segments, until a later one was asked for`() throws {
    let yard = try held()
    _ = try yard.look()
    for _ in 0..<20 { _ = try yard.look(after: 800) }
    let first = try yard.engine.usage(after: .start, limit: 2, at: yard.clock)
    #expect(try yard.engine.usage(after: .start, limit: 2, at: yard.clock) == first)
    #expect(first.segments.count == 2)
    let second = try yard.engine.usage(after: first.next, limit: 2, at: yard.clock)
    #expect(Set(first.segments).isDisjoint(with: second.segments))
    #expect(try yard.engine.usage(after: UsageCursor(-9), limit: 2, at: yard.clock) == first)
  }

  /// It counted its segments from 0 again, and all that was metered since was refused.
  @Test func `a meter whose folder is lost begins anew and reuses no number`() throws {
    let yard = try held()
    _ = try yard.look()
    for _ in 0..<20 { _ = try yard.look(after: 800) }
    let before = try #require(try yard.usage()[1])
    for round in 1...3 {
      try yard.loseFolder()
      try yard.want(Int64(1 + round), "1:8")
      // The office asks on from where it is; until the next look nobody measures.
      _ = try yard.look(after: 100)
      try yard.take()
      _ = try yard.look(after: 100)
      for _ in 0..<20 { _ = try yard.look(after: 800) }
      try yard.take()
    }
    // What lies between a loss and the second look after it is unobserved, and nothing is twice.
    let after = try #require(try yard.usage()[1])
    #expect(after > before + 3 * 3 * 3_600 * 8 && after < before + 3 * (20 * 800 + 100) * 8)
  }

  /// Each wrote its own end of the log, and lines of both were lost.
  @Test func `a second agent on one folder is refused, and the first goes on`() throws {
    let yard = try held()
    _ = try yard.look()
    #expect(
      throws: EngineFailure.forbidden(
        reason: "\(yard.folder)/agent: another process runs this cluster")
    ) { try yard.second() }
    _ = try yard.look(after: 100)
    try yard.restart()
    _ = try yard.look(after: 100)
    try yard.set(1, .down)
    _ = try yard.look(after: 100)
    #expect(try yard.usage() == [1: 300 * 8])
  }

  /// The office's cursor was one of the new folder's, and what lay before it was taken for taken.
  @Test func `of a folder in another one's place every segment is handed out`() throws {
    for rounds in [3, 40] {
      let yard = try held()
      _ = try yard.look()
      for _ in 0..<10 { _ = try yard.look(after: 800) }
      try yard.take()
      let before = try #require(try yard.usage()[1])
      try yard.loseFolder()
      try yard.want(2, "1:8")
      // The office is not reached until there is more than it ever had.
      _ = try yard.look(after: 100)
      for _ in 0..<rounds { _ = try yard.look(after: 800) }
      try yard.set(1, .down)
      _ = try yard.look(after: 100)
      #expect(
        try yard.usage() == [1: before + Int64(rounds * 800 + 100) * 8], "\(rounds) looks")
    }
  }

  /// Numbers of ended holds stood as they came, and were searched one by one for each.
  @Test func `numbers of ended holds stand in order, and are found in a state of any order`()
    throws
  {
    var meter = HandoverMeter()
    func holds(_ jobs: [UInt64], at: Int64) -> [HandoverMeter.Hold] {
      jobs.sorted().map {
        HandoverMeter.Hold(
          job: EngineJob(high: 0, low: $0), allocation: AllocationID(1), gpus: 8, number: 0,
          from: Instant(at))
      }
    }
    func look(_ jobs: [UInt64], at: Int64) -> [UsageSegment] {
      meter.look(
        holds(jobs, at: at), cluster: Yard.cluster, model: DeviceModelID(1), at: Instant(at))
    }
    _ = look([5, 9, 1], at: 100)
    for (step, jobs) in [[9, 1], [1], [5], [9, 3], [3], []].enumerated()
      as EnumeratedSequence<
        [[UInt64]]
      >
    { _ = look(jobs, at: Int64(200 + 100 * step)) }
    #expect(meter.numbers.map(\.job.low) == [1, 3, 5, 9])
    // As a version before this one kept them.
    let text = String(decoding: CanonicalWriter.bytes(of: meter), as: UTF8.self)
    let list = try #require(text.firstMatch(of: #/"numbers":\[(.*)\]/#)).1
    let parts = list.split(separator: "},").map { $0.hasSuffix("}") ? $0 : $0 + "}" }
    let mixed = text.replacing(list, with: parts.reversed().joined(separator: ","))
    #expect(mixed != text)
    #expect(try CanonicalReader.value(HandoverMeter.self, from: Array(mixed.utf8)) == meter)
    let again = look([5], at: 900) + look([], at: 950)
    #expect(again.map(\.key.number) == [2])
  }

  /// A yard whose first server is a team's.
  private func held() throws -> Yard {
    let yard = try Yard(1)
    try yard.want(1, "1:8")
    try yard.work()
    return yard
  }
}

/// The meter's files, cut off or spoilt anywhere.
struct MeterCrashTests {
  @Test func `a restart between any two writes loses no segment and makes none twice`() throws {
    // Every mixture of the two files that a crash can leave, before each look at which nothing
    // changed.
    let whole = try run { _, _ in }
    for cut in 2...14 where cut % 4 != 0 {
      for kind in Crash.allCases {
        let usage = try run { yard, step in
          if step == cut { try crash(yard, kind) }
        }
        #expect(usage == whole, "\(kind) before look \(cut)")
      }
    }
  }

  /// How far the second write of a look, the log's, had come; the first is whole or not at all.
  private enum Crash: CaseIterable {
    case after, logNotBegun, logTorn, temporaryLeft
  }

  private func crash(_ yard: Yard, _ kind: Crash) throws {
    let log = yard.folder + "/agent/usage.ndjson"
    let before = try? Data(contentsOf: URL(fileURLWithPath: log))
    _ = try yard.look(after: 0)
    _ = try yard.look(after: 700)
    let after = try? Data(contentsOf: URL(fileURLWithPath: log))
    switch kind {
    case .after: break
    case .logNotBegun:
      if let before { try before.write(to: URL(fileURLWithPath: log)) } else { unlink(log) }
    case .logTorn:
      guard let after, after.count > before?.count ?? 0 else { break }
      try after.prefix(after.count - 7).write(to: URL(fileURLWithPath: log))
    case .temporaryLeft:
      for name in ["/agent/state.json.new", "/agent/usage.ndjson.new"] {
        try Data("{\"ba".utf8).write(to: URL(fileURLWithPath: yard.folder + name))
      }
    }
    try yard.restart()
    yard.clock = Instant(yard.clock.seconds - 700)
  }

  private func run(_ between: (Yard, Int) throws -> Void) throws -> [Int32: Int64] {
    let yard = try Yard(2)
    try yard.want(1, "1:8 2:8")
    try yard.work()
    for step in 1...14 {
      try between(yard, step)
      if step % 4 == 0 { try yard.set(2, step % 8 == 0 ? .ready : .down) }
      _ = try yard.look(after: 700)
      if step % 5 == 0 { try yard.take(limit: 1) }
    }
    try yard.set(1, .down)
    try yard.set(2, .down)
    _ = try yard.look(after: 100)
    return try yard.usage()
  }

  @Test func `a disk that is full for a while loses no segment`() throws {
    for fullAt in 2...12 {
      let yard = try Yard(1)
      try yard.want(1, "1:8")
      try yard.work()
      _ = try yard.look()
      let log = yard.folder + "/agent/usage.ndjson"
      for step in 2...12 {
        // A folder in the log's place: it can be neither appended to nor replaced.
        if step == fullAt {
          _ = rename(log, log + ".aside")
          #expect(mkdir(log, 0o700) == 0)
          try? yard.set(1, .down)
          for _ in 0..<3 { _ = try? yard.look(after: 100) }
          rmdir(log)
          _ = rename(log + ".aside", log)
          try yard.set(1, .ready)
          _ = try yard.look(after: 100)
        }
        _ = try yard.look(after: 800)
      }
      try yard.set(1, .down)
      _ = try yard.look(after: 100)
      try yard.restart()
      #expect(try yard.usage() == [1: (100 + 11 * 800 + 100) * 8], "full at \(fullAt)")
    }
  }

  @Test func `files that no crash leaves are called damaged`() throws {
    let spoil: [(name: String, change: (String) throws -> Void)] = [
      ("no state", { unlink($0 + "/state.json") }),
      ("empty state", { try Data().write(to: URL(fileURLWithPath: $0 + "/state.json")) }),
      ("cut state", { truncate($0 + "/state.json", 40) }),
      ("no log", { unlink($0 + "/usage.ndjson") }),
      ("cut log", { truncate($0 + "/usage.ndjson", 10) }),
    ]
    for row in spoil {
      let yard = try Yard(1)
      try yard.want(1, "1:8")
      try yard.work()
      for _ in 0..<20 { _ = try yard.look(after: 800) }
      try row.change(yard.folder + "/agent")
      #expect(throws: EngineFailure.self, "\(row.name)") { try yard.restart() }
    }
  }

  @Test func `what was taken over goes, and what was not stays, over any restart`() throws {
    let yard = try Yard(40)
    try yard.want(1, (1...40).map { "\($0):8" }.joined(separator: " "))
    try yard.work()
    _ = try yard.look()
    // Forty segments an hour for three hundred hours: more than the log keeps once taken over.
    for hour in 0..<1_200 {
      _ = try yard.look(after: 900)
      if hour % 400 == 399 {
        try yard.take()
        try yard.restart()
      }
    }
    let usage = try yard.usage()
    #expect(usage.count == 40 && usage.values.allSatisfy { $0 > 0 && $0 == usage[1] })
    let log = try Data(contentsOf: URL(fileURLWithPath: yard.folder + "/agent/usage.ndjson"))
    #expect(log.count < 11_000 * 200, "\(log.count) bytes")
  }
}
