import MadangAgent
import MadangControl
import MadangEngines
import MadangJournal
import MadangProgramme

/// A cluster whose agent and engine run in the office's own process.
struct EmbeddedCluster {
  let folder: ClusterFolder
  var runner: AgentRunner
  /// Where jobs are dispatched by the office.
  let local: LocalEngine?
  let dispatcher = Dispatcher()
  /// What stands for the operator of a simulated hand-over.
  private let simulated: SimulatedOperator?
  /// When its agent has something to do next.
  var due = Instant(0)

  /// Nothing where the cluster is not this process's to run: another system, an operator whose
  /// inventory nobody named, or one for whom a remote agent speaks.
  init?(
    _ id: ClusterID, _ engine: ClusterEngine, _ programme: Programme, folder data: String,
    desk: Desk, clock: YardClock, at: Instant
  ) throws(YardFailure) {
    let cluster = programme.clusters[id]
    folder = try ClusterFolder(data: data, cluster.slug)
    let chosen: any Engine
    do throws(EngineFailure) {
      switch engine.kind {
      case .local:
        let engine = try LocalEngine(EmbeddedCluster.localOptions(id, cluster, folder))
        chosen = ShiftedEngine(engine: engine, clock: clock)
        (local, simulated) = (engine, nil)
      case .handover:
        guard try !folder.isAnothers(id, programme),
          let source = try folder.located(cluster, simulated: engine.simulated)
        else { return nil }
        chosen = try HandoverEngine(
          cluster: id, model: cluster.model, inventory: source, folder: folder.engine,
          digest: { SHA256.hash($0) })
        local = nil
        if engine.simulated, case .file(let path) = source {
          simulated = SimulatedOperator(inventory: path, orders: folder.engine)
        } else {
          simulated = nil
        }
      case .slurm, .kubernetes: return nil
      }
    } catch {
      throw .engine(error)
    }
    let agent = try EmbeddedCluster.agent(id, programme, folder, desk, at)
    runner = AgentRunner(
      AgentLoop(cluster: id, instance: EmbeddedCluster.instance(), mode: .apply),
      engine: chosen,
      transport: DeskTransport(desk: desk, agent: agent, clock: { clock.now }))
  }

  /// Everything that its agent has to do now, and the simulated operator's part.
  mutating func round(_ at: Instant) throws(YardFailure) -> Instant {
    guard AgentLoop.isDue(due, at: at) else { return due }
    due = runner.round(at: at)
    guard let simulated else { return due }
    do throws(EngineFailure) {
      // The operator answers at once: asked, done, and seen to be done.
      while try simulated.work() { due = runner.round(at: at) }
    } catch {
      throw .engine(error)
    }
    return due
  }

  static func localOptions(
    _ id: ClusterID, _ cluster: Cluster, _ folder: ClusterFolder
  ) throws(EngineFailure) -> LocalEngine.Options {
    guard let slots = LocalSlots(model: cluster.model, count: Int(cluster.gpus.value)),
      let declared = LocalCluster(cluster: id, slots: [slots])
    else { throw .forbidden(reason: "\(cluster.slug) has \(cluster.gpus.value) slots") }
    var options = LocalEngine.Options(folder: folder.engine, cluster: declared)
    options.cgroup = LocalEngine.delegatedCgroup(named: "madang-jobs")
    return options
  }

  /// The cluster's agent; enrolled where it has none, with a key made here. Where one was revoked
  /// there is another from the next start on: the process is the office's own.
  private static func agent(
    _ id: ClusterID, _ programme: Programme, _ folder: ClusterFolder, _ desk: Desk, _ at: Instant
  ) throws(YardFailure) -> AgentID {
    if let agent = programme.bindings.row(id)?.agent { return agent }
    let cryptography = Ed25519Cryptography()
    guard let algorithm = Slug(cryptography.signatureAlgorithm) else {
      preconditionFailure("an algorithm is a slug")
    }
    var text = try folder.publicKey(cryptography)
    if programme.agents.ids.contains(where: { programme.agents[$0].key == text }) {
      try folder.makeKey(cryptography)
      text = try folder.publicKey(cryptography)
    }
    let enrolled: Result<AgentID, AgentRefusal>
    do throws(JournalError) {
      enrolled = try desk.enrol(id, algorithm: algorithm, key: text, at: at)
    } catch {
      throw .journal(error)
    }
    switch enrolled {
    case .success(let agent): return agent
    case .failure(.programme(let refusal)): throw .refused(refusal)
    case .failure: throw .engine(.unreachable(reason: "the agent cannot enrol"))
    }
  }

  /// A fresh instance: the folder's lock says that no other one lives.
  private static func instance() -> EngineJob {
    var generator = SystemRandomNumberGenerator()
    return EngineJob(high: generator.next(), low: generator.next())
  }
}

extension ClusterFolder {
  /// Whether a cluster's agent has another key than the one that was made here.
  fileprivate func isAnothers(
    _ id: ClusterID, _ programme: Programme
  ) throws(EngineFailure) -> Bool {
    guard hasKey, let agent = programme.bindings.row(id)?.agent else { return false }
    do throws(YardFailure) {
      return programme.agents[agent].key != (try publicKey(Ed25519Cryptography()))
    } catch {
      if case .engine(let failure) = error { throw failure }
      throw .unreachable(reason: "\(error)")
    }
  }

  /// `source`, with its failure as an engine's.
  fileprivate func located(
    _ cluster: Cluster, simulated: Bool
  ) throws(EngineFailure) -> InventorySource? {
    do throws(YardFailure) {
      return try source(cluster, simulated: simulated)
    } catch {
      if case .engine(let failure) = error { throw failure }
      throw .unreachable(reason: "\(error)")
    }
  }
}
