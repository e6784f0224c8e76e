import Foundation
import MadangProgramme
import Testing

@testable import MadangEngines

/// When a job ran, as segments; and the log that hands them out.
@Suite struct MeteringTests {
  /// 2026-01-01T00:00:00Z, an hour's first second.
  static let hour: Int64 = 1_767_225_600

  @Test(
    arguments: [
      // start after the hour, seconds run, ended → numbers with their bounds
      (0, 0.0, true, ""), (0, 0.9, true, ""), (0, 1.0, true, "0:0-1"),
      (0, 3_600.0, true, "0:0-3600"),
      (10, 3_590.0, true, "0:10-3600"), (10, 3_590.0, false, "0:10-3600"),
      (10, 3_589.0, false, ""), (10, 3_591.5, true, "0:10-3600 1:3600-3601"),
      (3_599, 7_202.0, true, "0:3599-3600 1:3600-7200 2:7200-10800 3:10800-10801"),
      (3_599, 7_202.0, false, "0:3599-3600 1:3600-7200 2:7200-10800"), (10, -5.0, true, ""),
    ] as [(Int64, Double, Bool, String)])
  func `segments are hours of the clock, and the rest at the end`(
    offset: Int64, ran: Double, ended: Bool, expected: String
  ) {
    let start = start(wall: (MeteringTests.hour + offset) * 1_000_000)
    let time = MeteredTime(
      start: start, clockMicroseconds: start.clockMicroseconds + Int64(ran * 1_000_000),
      hasEnded: ended)
    let found = time.segments(from: 0).map {
      "\($0.number):\($0.from.seconds - MeteringTests.hour)-\($0.to.seconds - MeteringTests.hour)"
    }
    #expect(found.joined(separator: " ") == expected)
  }

  @Test func `however often one asks, the same segments come, and they tile`() {
    for fraction in stride(from: 0, to: 1_000_000, by: 99_991) as StrideTo<Int64> {
      let start = start(wall: MeteringTests.hour * 1_000_000 + fraction)
      let whole = MeteredTime(
        start: start, clockMicroseconds: start.clockMicroseconds + 20_000_500_000, hasEnded: true
      ).segments(from: 0)
      var parts: [(number: Int32, from: Instant, to: Instant)] = []
      for seconds in stride(from: 0, through: 20_000, by: 700) as StrideThrough<Int64> {
        let time = MeteredTime(
          start: start, clockMicroseconds: start.clockMicroseconds + seconds * 1_000_000,
          hasEnded: false)
        parts += time.segments(from: Int32(parts.count))
      }
      parts += MeteredTime(
        start: start, clockMicroseconds: start.clockMicroseconds + 20_000_500_000, hasEnded: true
      ).segments(from: Int32(parts.count))
      #expect(parts.map(\.number) == whole.map(\.number))
      #expect(parts.map(\.from) == whole.map(\.from) && parts.map(\.to) == whole.map(\.to))
      #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.to == $1.from })
    }
  }

  @Test func `a wall clock that jumped while a job ran moves nothing`() throws {
    let folder = try TestFolder()
    let token = folder.token(1)
    do {
      let cluster = try TestCluster(folder)
      try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
      try cluster.start(cluster.job(.command(["sleep", "1.2"])))
      _ = try cluster.ended(token)
    }
    // As its supervisor would have written it under a clock set back by decades meanwhile.
    let path = "\(folder.path)/cluster/jobs/\(token.hex)/ended"
    let end = try #require(FileManager.default.contents(atPath: path))
    let text = String(decoding: end, as: UTF8.self)
    let moved = text.replacing(/"wallMicroseconds":[0-9]+/, with: "\"wallMicroseconds\":5")
    #expect(moved != text)
    try Data(moved.utf8).write(to: URL(filePath: path))
    let cluster = try TestCluster(folder)
    guard case .ended(let read, _) = cluster.engine.job(token)?.state else {
      Issue.record("not ended")
      return
    }
    #expect(read.at == Instant(0))
    let segments = try cluster.engine.usage(after: .start, limit: 9, at: TestCluster.now).segments
    let seconds = segments.reduce(0) { $0 + $1.to.seconds - $1.from.seconds }
    #expect((1...3).contains(seconds))
  }

  @Test func `the log hands out the same again, in the same order, after any restart`() throws {
    let folder = try TestFolder()
    let path = "\(folder.path)/usage"
    let segments = (0..<10_000).map { segment(job: UInt64($0 / 3), number: Int32($0 % 3)) }
    var log = try UsageLog(path, cluster: ClusterID(1), first: .start)
    var cursor = UsageCursor.start
    var found: [UsageSegment] = []
    for part in stride(from: 0, to: segments.count, by: 1_000) {
      try log.append(Array(segments[part..<(part + 1_000)]))
      let batch = try log.batch(after: cursor, limit: 900)
      #expect(try log.batch(after: cursor, limit: 900) == batch)
      log = try UsageLog(path, cluster: ClusterID(1))
      #expect(try log.batch(after: cursor, limit: 900) == batch)
      found += batch.segments
      cursor = batch.next
    }
    found += try log.batch(after: cursor, limit: 10_000).segments
    #expect(found == segments)
    // What was taken over long ago is gone, and the file is not as long as all that ever was.
    let kept = try log.batch(after: .start, limit: 10_000)
    #expect(kept.segments == Array(segments.suffix(kept.segments.count)))
    #expect(kept.next == UsageCursor(10_000) && kept.segments.count < 10_000)
    #expect(folder.bytes("usage").count < segments.count * 150)
    // The office has more: this is another folder than it knew, and goes on from there.
    let more = segment(job: 9_999_999, number: 0)
    var other = try UsageLog("\(folder.path)/other", cluster: ClusterID(1), first: .start)
    try other.append([more])
    let late = try other.batch(after: UsageCursor(99), limit: 9)
    #expect(late == UsageBatch(segments: [more], next: UsageCursor(100)))
    other = try UsageLog("\(folder.path)/other", cluster: ClusterID(1))
    #expect(try other.batch(after: UsageCursor(99), limit: 9) == late)
    #expect(try other.batch(after: UsageCursor(100), limit: 9).segments.isEmpty)
  }

  /// The office's cursor was one of the new folder's, and what lay before it was taken for taken.
  @Test(arguments: [0, 1_000_000] as [Int64])
  func `of a log in another one's place every segment is handed out`(other: Int64) throws {
    let folder = try TestFolder()
    let segments = (0..<6_000).map { segment(job: UInt64($0), number: 0) }
    // What the office has of the folder that is gone: fewer than are here, or more.
    for cursor in [UsageCursor(other + 5_000), UsageCursor(Limits.integerMax - 10_000)] {
      let path = "\(folder.path)/usage-\(cursor.position)"
      var log = try UsageLog(path, cluster: ClusterID(1))
      try log.append(segments)
      // As an agent asks that was just started, and then by the office's answers.
      var asked = UsageCursor.start
      var office = cursor
      var found: Set<UsageSegment> = []
      for _ in 0..<6 {
        let batch = try log.batch(after: asked, limit: 4_096)
        found.formUnion(batch.segments)
        office = max(office, batch.next)
        asked = office
      }
      #expect(found.count == segments.count, "\(found.count) of \(segments.count)")
    }
  }

  @Test func `half a line at the end of the log was never handed out`() throws {
    let folder = try TestFolder()
    let path = "\(folder.path)/usage"
    var log = try UsageLog(path, cluster: ClusterID(1))
    try log.append([segment(job: 1, number: 0), segment(job: 1, number: 1)])
    let bytes = folder.bytes("usage")
    let second = bytes.dropLast().lastIndex(of: 10)! + 1
    for length in second..<bytes.count {
      try bytes.prefix(length).write(to: URL(filePath: path))
      var log = try UsageLog(path, cluster: ClusterID(1))
      #expect(try log.batch(after: .start, limit: 9).segments.count == 1)
      #expect(log.count(of: EngineJob(high: 1, low: 1)) == 1)
      try log.append([segment(job: 1, number: 1)])
      log = try UsageLog(path, cluster: ClusterID(1))
      #expect(try log.batch(after: .start, limit: 9).segments.map(\.key.number) == [0, 1])
    }
  }

  private func start(wall: Int64) -> LocalStart {
    let text = """
      {"boot":"b","clockMicroseconds":777123456,"pid":7,"startTicks":1,"supervisor":6,\
      "token":"00000000000000010000000000000002","wallMicroseconds":\(wall)}
      """
    return try! CanonicalReader.value(LocalStart.self, from: Array(text.utf8))  // a text of ours
  }

  private func segment(job: UInt64, number: Int32) -> UsageSegment {
    UsageSegment(
      key: UsageKey(cluster: ClusterID(1), job: EngineJob(high: 1, low: job), number: number),
      allocation: AllocationID(1), model: DeviceModelID(1), gpus: 1,
      from: Instant(Int64(number)), to: Instant(Int64(number) + 1))
  }
}
