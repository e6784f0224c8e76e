import MadangAgent
import MadangEngines
import MadangProgramme
import MadangTestEngines

/// One process of a cluster's agent: the real loop, in a shell that may stop at any action.
struct AgentProcess {
  let cluster: ClusterID
  let instance: EngineJob
  var loop: AgentLoop
  var isAlive = true
  /// Counts what was begun: whatever was meant for an earlier turn comes too late.
  var turn = 0
  /// Seconds by which its clock is behind.
  var behindSeconds: Int64 = 0
  /// The engine's state that it read last, as a version that only the checks know.
  var readVersion = 0
}

extension World {
  /// Starts another process for a cluster; what the one before knew is gone with it.
  func startAgent(_ cluster: ClusterID) {
    instances += 1
    let instance = EngineJob(high: UInt64(cluster.number), low: instances)
    agents.append(
      AgentProcess(
        cluster: cluster, instance: instance,
        loop: AgentLoop(cluster: cluster, instance: instance, mode: .apply)))
    trace("agent \(agents.count - 1) of \(cluster) starts")
    act(agents.count - 1, agents[agents.count - 1].loop.first)
  }

  /// Does an action, and sees to it that its result comes.
  func act(_ index: Int, _ action: AgentLoop.Action) {
    agents[index].turn += 1
    let turn = agents[index].turn
    if happens(.agentCrash, 4) { return endAgent(index) }
    if happens(.agentFrozen, 5) {
      return at(now + Int64(random.draw(20...150)), .performs(index, turn, action))
    }
    perform(index, turn, action)
  }

  func perform(_ index: Int, _ turn: Int, _ action: AgentLoop.Action) {
    guard agents[index].isAlive, agents[index].turn == turn else { return }
    let engine = engine(agents[index].cluster)
    let clock = Instant(now - agents[index].behindSeconds)
    do throws(EngineFailure) {
      switch action {
      case .observe:
        let observed = try observed(engine, index, clock)
        // The look itself may have found a wipe that was over.
        agents[index].readVersion = engine.versions.count - 1
        result(index, .observed(observed))
      case .readUsage(let cursor, let limit):
        var batch = try engine.usage(after: cursor, limit: limit, at: clock)
        if breaks(.leavesUsageOut), batch.segments.count > 1, random.chance(30) {
          // One in the place of another: a report with one too few would be refused.
          let segments = batch.segments.dropFirst() + batch.segments.suffix(1)
          batch = UsageBatch(segments: Array(segments), next: batch.next)
        }
        result(index, .usage(batch))
      case .apply(let desired):
        trace("agent \(index) applies \(desired.generation) at \(desired.cluster)")
        try engine.apply(desired, at: clock)
        result(index, .applied)
      case .send(let report):
        checks.sends(report, agents[index].readVersion)
        send(.report(report, agent: AgentID(Int(report.cluster.number)), from: index, turn: turn))
        at(now + 10, .gaveUp(index, turn))
      case .wait(let until):
        at(max(now, until.seconds + agents[index].behindSeconds), .wakes(index, turn))
      }
    } catch {
      result(index, .failed(error))
    }
  }

  private func observed(
    _ engine: SimulatedEngine, _ index: Int, _ clock: Instant
  ) throws(EngineFailure) -> ObservedState {
    let read = try engine.observe(at: clock)
    guard breaks(.reportsWhatWasTold), let desired = agents[index].loop.desired else { return read }
    return ObservedState(
      cluster: read.cluster, generation: desired.generation, at: clock,
      allocations: desired.allocations.map { row in
        ObservedAllocation(
          allocation: row.allocation, limit: row.limit, suspended: row.suspended,
          readyGPUs: row.limit.gpus, assets: engine.assets(row.allocation))
      }, devices: read.devices, wiped: read.wiped)
  }

  /// Gives the loop what came of its action, and does the next.
  func result(_ index: Int, _ result: AgentLoop.Result) {
    guard agents[index].isAlive else { return }
    let clock = Instant(now - agents[index].behindSeconds)
    act(index, agents[index].loop.next(after: result, at: clock))
  }

  func endAgent(_ index: Int) {
    guard agents[index].isAlive else { return }
    agents[index].isAlive = false
    trace("agent \(index) of \(agents[index].cluster) ends")
    at(now + Int64(random.draw(1...90)), .agentStarts(agents[index].cluster))
  }
}
