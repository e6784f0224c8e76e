import MadangProgramme

/// GPUs that one queue is over, and whose jobs are in it.
struct LanePlan: Hashable {
  enum Kind: Hashable {
    case reserved(AllocationID)
    case shared(DeviceModelID)
  }

  let kind: Kind
  let model: DeviceModelID
  let capacity: Int64
  /// Whose jobs it takes, with the pool of each, in ascending order of allocation.
  let members: [Member]
  let pools: [QueuePool]

  struct Member: Hashable {
    let allocation: AllocationID
    let pool: PoolID?
  }

  /// Each reservation one over its own GPUs; what nobody reserved of a model is shared by all who
  /// have a budget. Where more is reserved than is up, the earlier allocations have theirs.
  static func plans(_ queue: JobQueue, _ gpus: [ModelGPUs]) -> [LanePlan] {
    var reservations: [LanePlan] = []
    var left: [DeviceModelID: Int64] = [:]
    for model in gpus { left[model.model] = max(0, model.up) }
    var members: [Member] = []
    for allocation in queue.allocations {
      let member = Member(allocation: allocation.allocation, pool: allocation.pool)
      switch allocation.kind {
      case .budget: members.append(member)
      case .reserved(let model, let gpus):
        let own = min(max(0, gpus), left[model] ?? 0)
        left[model] = (left[model] ?? 0) - own
        reservations.append(
          LanePlan(
            kind: .reserved(allocation.allocation), model: model, capacity: own,
            members: [member], pools: []))
      }
    }
    return gpus.map { model in
      LanePlan(
        kind: .shared(model.model), model: model.model,
        capacity: max(0, (left[model.model] ?? 0) - model.withheld), members: members,
        pools: queue.pools)
    } + reservations
  }

  func serves(_ job: WaitingJob, _ allocations: [AllocationID: QueueAllocation]) -> Bool {
    guard let allocation = allocations[job.allocation] else { return false }
    return kind == LanePlan.kind(job.allocation, allocation, job.model)
  }

  /// What runs for an allocation that is no longer enforced still has its GPUs, of those that are
  /// shared now.
  func serves(_ job: RunningJob, _ allocations: [AllocationID: QueueAllocation]) -> Bool {
    job.gpus > 0 && kind == LanePlan.kind(job.allocation, allocations[job.allocation], job.model)
  }

  private static func kind(
    _ id: AllocationID, _ allocation: QueueAllocation?, _ model: DeviceModelID
  ) -> Kind {
    if case .reserved = allocation?.kind { return .reserved(id) }
    return .shared(model)
  }
}
