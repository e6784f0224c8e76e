/// From the programme to what an engine should enforce.
extension Programme {
  /// What a cluster's engine should enforce. The same programme gives the same state.
  ///
  /// Complexity: O(allocations).
  public func desired(_ cluster: ClusterID) -> DesiredState {
    var list: [DesiredAllocation] = []
    allocations.forEach { id, row in
      guard row.cluster == cluster, let desired = desired(id, row) else { return }
      list.append(desired)
    }
    let left = departures.ids.compactMap { id -> DesiredAllocation? in
      let row = departures[id]
      guard row.cluster == cluster, row.stage == .readable, let to = row.readableTo else {
        return nil
      }
      return readable(row.allocation, row.limit, from: row.from, to: to)
    }
    if !left.isEmpty { list = (list + left).sorted { $0.allocation < $1.allocation } }
    return DesiredState(
      cluster: cluster, generation: bindings.row(cluster)?.generation ?? 0, allocations: list)
  }

  private func desired(_ id: AllocationID, _ row: Allocation) -> DesiredAllocation? {
    if row.standing == .ended, let to = row.readableTo {
      return readable(id, row.binding, from: row.term.from, to: to)
    }
    // All of it is lent: nothing of it is to be found.
    guard row.isBound, row.binding != .reserved(gpus: 0), let days = charter?.days,
      let from = days.start(of: row.term.from),
      let to = days.start(of: row.term.to)
    else { return nil }
    return DesiredAllocation(
      allocation: id, limit: row.binding, suspended: row.standing == .suspended, from: from,
      to: to)
  }

  /// What a team left and may read: nothing of it works.
  private func readable(
    _ id: AllocationID, _ limit: AllocationLimit, from: Day, to: Day
  ) -> DesiredAllocation? {
    guard let days = charter?.days, let from = days.start(of: min(from, to)),
      let to = days.start(of: to)
    else { return nil }
    return DesiredAllocation(allocation: id, limit: limit, suspended: true, from: from, to: to)
  }
}
