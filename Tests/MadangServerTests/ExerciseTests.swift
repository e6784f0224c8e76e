import Foundation
import MadangCrypto
import MadangJournal
import MadangProgramme
import Testing

@testable import MadangServer

/// A remote agent that goes by its machine's clock, in an exercise that is played at another time.
struct ExerciseTests {
  @Test func `an agent's times become the exercise's, and what it hears becomes its own`()
    async throws
  {
    let test = try TestYard(Office.Setting())
    try test.begin()
    let behind = test.yard.clock.behind
    #expect(behind > 86_400)
    let agent = try await ReportingAgent(test.yard, Office.cluster)
    let machine = YardClock.machine
    let first = try await agent.report(at: machine).get()
    let row = try #require(first.desired.allocations.first)
    let own = try #require(test.yard.journal.programme.desired(Office.cluster).allocations.first)
    #expect(row.from.seconds - own.from.seconds == behind && row.from <= machine)
    #expect(row.to.seconds - own.to.seconds == behind && machine < row.to)
    #expect(first.digest == SHA256.hash(CanonicalWriter.bytes(of: first.desired)))
    // It holds what it heard, and meters the minute until now.
    let later = Instant(machine.seconds + 1)
    let segment = UsageSegment(
      key: UsageKey(cluster: Office.cluster, job: EngineJob(high: 1, low: 2), number: 0),
      allocation: Office.allocation, model: Office.model, gpus: 8,
      from: Instant(machine.seconds - 60), to: machine)
    usleep(1_100_000)
    _ = try await agent.report(at: later, holding: first.desired, segments: [segment]).get()
    #expect(test.yard.refusedUsage.take().isEmpty)
    let programme = test.yard.journal.programme
    #expect(programme.allocations[Office.allocation].enforcedGeneration == first.desired.generation)
    let days = try #require(programme.charter?.days)
    #expect(programme.awards[AwardID(1)].clock == days.day(of: Office.now))
    let observed = try #require(try test.yard.operations.observed(Office.cluster))
    #expect(observed.at.seconds == later.seconds - behind)
    // An hour of the exercise later it is sealed, with what was metered.
    for _ in 0..<8 { try test.pass(600) }
    let months = test.yard.journal.programme.accounts(of: Office.cluster).months
    #expect(months.map { $0[.used] } == [GPUSeconds(480)])
    try test.close()
  }

  /// Found by review: one signed report ended the office's process.
  @Test func `times at the edge of what is written are refused, and the next report is taken`()
    async throws
  {
    let test = try TestYard(Office.Setting())
    try test.begin()
    let agent = try await ReportingAgent(test.yard, Office.cluster)
    let first = Instant(-Limits.integerMax)
    #expect(await agent.report(at: first) == .failure(.unreadable))
    let segment = UsageSegment(
      key: UsageKey(cluster: Office.cluster, job: EngineJob(high: 1, low: 2), number: 0),
      allocation: Office.allocation, model: Office.model, gpus: 8, from: first,
      to: Instant(first.seconds + 1))
    let early = await agent.report(at: YardClock.machine, segments: [segment])
    #expect(early == .failure(.unreadable))
    _ = try await agent.report(at: YardClock.machine).get()
    try test.close()
  }

  @Test func `who waits for a lease hears when it ends by its own clock`() async throws {
    let test = try TestYard(Office.Setting())
    try test.begin()
    let agent = try await ReportingAgent(test.yard, Office.cluster)
    _ = try await agent.report(at: YardClock.machine).get()
    let other = agent.again()
    guard case .failure(.leaseHeld(let until)) = await other.report(at: YardClock.machine) else {
      Issue.record("two instances have the cluster")
      return
    }
    let left = until.seconds - YardClock.machine.seconds
    #expect((50...61).contains(left), "\(left)")
    try test.close()
  }
}

/// As much of a remote agent as it takes to report, signed with a key of its own.
final class ReportingAgent {
  private let desk: Desk
  private let clock: YardClock
  private let cluster: ClusterID
  private let key: SigningKey
  private let agent: AgentID
  private let instance = EngineJob(high: .random(in: 1...(.max)), low: 1)
  private var epoch: Int64 = 0
  private var sequence: Int64 = 0
  private var cursor: Int64 = 0

  init(_ yard: Yard, _ cluster: ClusterID) async throws {
    let (desk, clock) = (yard.desk, yard.clock)
    let key = try Ed25519Cryptography().makeSigningKey()
    let token = try Desk.token(for: cluster, yard.operations, at: clock.now)
    let enrolment = AgentEnrolment(
      algorithm: Office.slug("ed25519"), key: Office.text(Hexadecimal.text(key.publicBytes)),
      token: Office.text(token))
    agent = try await desk.enrol(enrolment, at: clock.now).get()
    (self.desk, self.clock, self.cluster, self.key) = (desk, clock, cluster, key)
  }

  private init(_ other: ReportingAgent) {
    (desk, clock, cluster, key, agent) =
      (other.desk, other.clock, other.cluster, other.key, other.agent)
  }

  /// The same agent, started once more.
  func again() -> ReportingAgent { ReportingAgent(self) }

  func report(
    at: Instant, holding: DesiredState? = nil, segments: [UsageSegment] = []
  ) async -> Result<AgentReply, AgentRefusal> {
    sequence += 1
    let observed = ObservedState(
      cluster: cluster, generation: holding?.generation, at: at,
      allocations: (holding?.allocations ?? []).map { row in
        ObservedAllocation(
          allocation: row.allocation, limit: row.limit, suspended: row.suspended, readyGPUs: 16)
      }, devices: DeviceCounts(up: 32))
    let report = AgentReport(
      cluster: cluster, instance: instance, epoch: epoch, sequence: sequence, mode: .apply,
      observed: observed, cursor: cursor, next: cursor + Int64(segments.count),
      segments: segments, proposals: [])
    let body = CanonicalWriter.bytes(of: report)
    guard let signature = try? Ed25519Cryptography().sign(body, with: key) else {
      return .failure(.unreadable)
    }
    let result: Result<AgentReply, AgentRefusal>
    switch await desk.proved(agent, body: body, signature: signature.bytes) {
    case .success(let report): result = await desk.take(report, of: agent, at: clock.now)
    case .failure(let refusal): result = .failure(refusal)
    }
    if case .success(let reply) = result { (epoch, cursor) = (reply.epoch, reply.cursor) }
    return result
  }
}
