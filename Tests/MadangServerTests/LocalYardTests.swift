import Foundation
import MadangAgent
import MadangControl
import MadangEngines
import MadangJournal
import MadangProgramme
import Testing

@testable import MadangServer

/// The office's own work over a journal on the disk and a local engine that runs real processes.
@Suite(.serialized)
struct LocalYardTests {
  /// The hold was given back when its job ended, and what the job had used came a report later: in
  /// between both were there for the next job.
  @Test func `a budget is never overdrawn, whoever was the first to see that a job has ended`()
    throws
  {
    let office = try LocalOffice()
    let budget = try office.allocate(1, .budget(GPUSeconds(12)))
    let first = try office.submit(.command(["sleep", "2"]), gpus: 1, seconds: 6, of: budget)
    try office.rounds { try office.task(first).state == .running }
    // With the first one's six held it waits; with nothing held and nothing used it would start.
    let second = try office.submit(.command(["sleep", "1"]), gpus: 1, seconds: 11, of: budget)
    _ = try office.yard.round()
    // Who waits for jobs, as the command line does, sees the end before the yard.
    let engine = try #require(office.yard.localEngines.first)
    let token = try #require(try office.task(first).token)
    while case .running = engine.job(token)?.state { _ = try engine.poll(milliseconds: 50) }
    try office.rounds {
      let balance = try #require(try office.operations.balance(of: budget))
      #expect(balance.held + balance.used <= balance.granted, "\(balance)")
      return try office.task(first).state == .ended
    }
    for _ in 0..<10 { _ = try office.yard.round() }
    let balance = try #require(try office.operations.balance(of: budget))
    #expect(balance.held == .zero && balance.used >= GPUSeconds(2), "\(balance)")
    #expect(try office.task(second).state == .waiting)
    let reason = try office.reason(second)
    #expect(reason.contains("11"), "\(reason)")
  }

  /// The dispatcher counted a suspended reservation's GPUs as everybody's, the engine did not, and
  /// ended the job for good.
  @Test func `what a suspended reservation keeps is nobody's, and no job ends for wanting it`()
    throws
  {
    let office = try LocalOffice()
    _ = try office.allocate(1, .reserved(gpus: 4))
    let budget = try office.allocate(2, .budget(GPUSeconds(100_000)))
    try office.amend(1, .suspension)
    try office.yard.settle()
    let all = try office.submit(.command(["true"]), gpus: 8, seconds: 60, of: budget)
    let half = try office.submit(.command(["true"]), gpus: 4, seconds: 60, of: budget)
    try office.rounds { try office.task(half).state == .ended }
    #expect(try office.task(half).ending == "exited")
    #expect(try office.task(all).state == .waiting)
    let reason = try office.reason(all)
    #expect(reason.contains("4"), "\(reason)")
    // As soon as the reservation is gone it runs.
    try office.amend(1, .end)
    try office.rounds { try office.task(all).state == .ended }
    #expect(try office.task(all).ending == "exited")
  }

  /// A resumption was known to the dispatcher at once and to the engine five seconds later: the
  /// job's start was refused, and that was its end.
  @Test func `a job that waits out a suspension starts once the engine has heard that it is over`()
    throws
  {
    let office = try LocalOffice()
    let budget = try office.allocate(1, .budget(GPUSeconds(1_000)))
    try office.amend(1, .suspension)
    try office.yard.settle()
    let job = try office.submit(.command(["true"]), gpus: 1, seconds: 60, of: budget)
    _ = try office.yard.round()
    try office.amend(1, .resumption)
    // The agent has just reported, and does so again in some seconds.
    _ = try office.yard.round()
    try office.rounds { try office.task(job).state == .ended }
    #expect(try office.task(job).ending == "exited")
  }

  /// Something that the dispatcher knows nothing of, and that has every slot.
  private func stray(of budget: AllocationID, in office: LocalOffice) throws -> EngineJob {
    let engine = try #require(office.yard.localEngines.first)
    let stray = EngineJob(high: UInt64.random(in: 1...(.max)), low: 1)
    let answer = try engine.start(
      LocalJob(
        token: stray, name: "stray", allocation: budget, model: Office.model, gpus: 8,
        work: .command(["sleep", "600"]), environment: [:],
        workingFolder: try #require(office.folder).path, output: "/dev/null",
        timeLimitSeconds: 600), at: office.yard.now)
    guard case .started = answer else {
      Issue.record("\(answer)")
      return stray
    }
    return stray
  }

  @Test func `a start that the engine refuses for now is tried again, and runs once`() throws {
    let office = try LocalOffice()
    let budget = try office.allocate(1, .budget(GPUSeconds(10_000)))
    try office.yard.settle()
    let engine = try #require(office.yard.localEngines.first)
    let folder = try #require(office.folder).path
    let stray = try stray(of: budget, in: office)
    let job = try office.submit(
      .command(["sh", "-c", "echo once >> \(folder)/marks"]), gpus: 1, seconds: 60, of: budget)
    for _ in 0..<5 { _ = try office.yard.round() }
    let starting = try office.task(job)
    #expect(starting.state == .starting && starting.token != nil)
    _ = try engine.cancel(stray)
    try office.rounds { try office.task(job).state == .ended }
    let ended = try office.task(job)
    #expect(ended.ending == "exited" && ended.token == starting.token)
    let marks = try String(contentsOfFile: "\(folder)/marks", encoding: .utf8)
    #expect(marks == "once\n")
  }

  /// It began whenever there was room again, with nothing held for it, in another's GPU time.
  @Test func `a start that comes after its hold was to cover the job is no start`() throws {
    let office = try LocalOffice()
    let budget = try office.allocate(1, .budget(GPUSeconds(10_000)))
    try office.yard.settle()
    let folder = try #require(office.folder).path
    _ = try stray(of: budget, in: office)
    let job = try office.submit(
      .command(["sh", "-c", "echo late >> \(folder)/marks"]), gpus: 1, seconds: 60, of: budget)
    _ = try office.yard.round()
    let token = try #require(try office.task(job).token)
    let expires = try #require(try office.operations.hold(token)).hold.expires
    #expect(expires.seconds >= office.yard.now.seconds + 60)
    let late = Instant(expires.seconds - 60)
    try office.journal.give(.advance(late), at: late)
    _ = try office.yard.round()
    let ended = try office.task(job)
    #expect(ended.state == .ended && ended.ending == "neverStarted")
    #expect(try office.operations.balance(of: budget)?.held == .zero)
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/marks"))
  }

  @Test func `a job that can never start is told so at once`() throws {
    let office = try LocalOffice()
    let budget = try office.allocate(1, .budget(GPUSeconds(10_000)))
    try office.yard.settle()
    let job = try office.submit(
      .script("#!/bin/sh\r\ntrue\n", arguments: []), gpus: 1, seconds: 60, of: budget)
    try office.rounds { try office.task(job).state == .ended }
    #expect(try office.task(job).ending == "refused MDG-1651")
  }

  /// The correction stood before the new hours, so none was sealed any more, and nobody was told.
  @Test func `a correction that is refused is told of, and holds up no new hour`() throws {
    let office = try LocalOffice()
    try office.yard.settle()
    let first = Hour(of: LocalOffice.begins)
    func pass(_ hours: Int64) throws {
      let at = Instant(first.start.seconds + hours * Hour.seconds + 300)
      try office.journal.give(.advance(at), at: at)
      _ = try office.yard.round()
    }
    func accounts() -> ClusterAccounts {
      office.journal.programme.accounts(of: LocalOffice.cluster)
    }
    try pass(1)
    #expect(accounts().lastSealed == first)
    let unobserved = try #require(accounts().months.first)[.unobserved]
    #expect(unobserved > .zero)
    // Somebody corrects the hour by hand, so that what is corrected later cannot be taken off it.
    try office.journal.give(
      .sealStatement(
        UsageStatement(
          cluster: LocalOffice.cluster, model: Office.model, hour: first,
          totals: HourTotals(
            capacity: .zero,
            rows: [
              AccountRow(account: .unallocated, allocation: nil, seconds: unobserved),
              AccountRow(account: .unobserved, allocation: nil, seconds: .zero - unobserved),
            ], contradicted: .zero),
          segments: 0, root: Office.digest, corrects: 0)), at: office.yard.now)
    let metered = try #require(office.journal.programme.metered(LocalOffice.cluster))
    let late = UsageSegment(
      key: UsageKey(
        cluster: LocalOffice.cluster, job: EngineJob(high: 5, low: 5), number: 0),
      allocation: nil, model: Office.model, gpus: 8,
      from: Instant(first.start.seconds + 1_200), to: Instant(first.start.seconds + 1_800))
    #expect(
      try office.operations.record([late], at: metered, received: office.yard.now) == [.accepted])
    try pass(2)
    #expect(accounts().lastSealed == first.next)
    let trouble = try #require(office.yard.troubles[LocalOffice.cluster])
    #expect(trouble.contains("MDG-1525"), "\(trouble)")
  }

  /// The whole cluster stood still: nothing was reported, and no job was settled.
  @Test func `a policy that cannot be read changes nothing, and what is found is reported`()
    throws
  {
    let office = try LocalOffice()
    try office.yard.settle()
    let policy = try #require(office.folder).path + "/data/clusters/one/policy"
    try Data("mode: everything\n".utf8).write(to: URL(filePath: policy))
    let budget = try office.allocate(1, .budget(GPUSeconds(1_000)))
    try office.yard.settle()
    let observed = try #require(try office.operations.observed(LocalOffice.cluster))
    #expect(observed.allocations.isEmpty)
    #expect(observed.at.seconds >= office.yard.now.seconds - 5)
    let trouble = try #require(office.yard.troubles[LocalOffice.cluster])
    #expect(trouble.contains(policy), "\(trouble)")
    try Data("mode: apply\n".utf8).write(to: URL(filePath: policy))
    try office.yard.settle()
    #expect(office.yard.troubles.isEmpty)
    #expect(office.journal.programme.allocations[budget].drift == nil)
  }

  /// What was read of a time to come was the newest until then, and nothing else was taken.
  @Test func `after a clock that was hours ahead is set right, a cluster is observed on`() throws {
    let office = try LocalOffice(exercise: false)
    let jumped = Instant(YardClock.machine.seconds + 36_000)
    _ = try office.operations.observe(
      ObservedState(
        cluster: LocalOffice.cluster, generation: nil, at: jumped, allocations: [],
        devices: DeviceCounts(up: 1)),
      desired: DesiredState(cluster: LocalOffice.cluster, generation: 0, allocations: []),
      silenceSeconds: Desk.silenceSeconds)
    // The journal is ahead too, and never goes back.
    try office.journal.give(.advance(jumped), at: jumped)
    try office.yard.settle()
    let observed = try #require(try office.operations.observed(LocalOffice.cluster))
    #expect(abs(observed.at.seconds - YardClock.machine.seconds) < 60)
    let trouble = try #require(office.yard.troubles[LocalOffice.cluster])
    #expect(trouble == "the clock is behind the journal")
  }
}
