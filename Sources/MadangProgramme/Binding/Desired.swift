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
    return DesiredState(
      cluster: cluster, generation: bindings.row(cluster)?.generation ?? 0, allocations: list)
  }

  private func desired(_ id: AllocationID, _ row: Allocation) -> DesiredAllocation? {
    guard row.isBound, let days = charter?.days, let from = days.start(of: row.term.from),
      let to = days.start(of: row.term.to)
    else { return nil }
    return DesiredAllocation(
      allocation: id, limit: row.binding, suspended: row.standing == .suspended, from: from,
      to: to)
  }
}
