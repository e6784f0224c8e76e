/// What the programme knows of a cluster that meters.
extension Programme {
  /// What a cluster's usage is judged by; nothing where there is no such cluster.
  ///
  /// Complexity: O(departures).
  public func metered(_ id: ClusterID) -> MeteredCluster? {
    guard let cluster = clusters.row(id) else { return nil }
    let known = allocations
    // What was transferred away still has usage here, which comes late.
    var left: Set<AllocationID> = []
    departures.forEach { _, row in if row.cluster == id { left.insert(row.allocation) } }
    let once = left
    return MeteredCluster(
      cluster: id, model: cluster.model, gpusMax: cluster.gpus.all.map(\.value).max() ?? 0,
      knows: { known.row($0)?.cluster == id || once.contains($0) },
      isLent: { known.row($0)?.lending != nil })
  }

  /// GPUs of a cluster that its operator keeps by agreement: those of the lines at its centre and
  /// of its model, where it is the only such cluster. Which of several holds them nobody published,
  /// and a simulated one holds none of a real line's. Where claims differ, the largest, as for
  /// awards.
  ///
  /// Complexity: O(clusters + lines).
  public func operatorShare(of id: ClusterID) -> Timeline {
    guard let cluster = clusters.row(id), bindings.row(id)?.engine?.simulated != true else {
      return .zero
    }
    var sameCount = 0
    clusters.forEach { _, other in
      if other.site == cluster.site, other.model == cluster.model { sameCount += 1 }
    }
    guard sameCount == 1 else { return .zero }
    var gpus: Int64 = 0
    lines.forEach { _, history in
      guard history.line.site == cluster.site, history.line.model == cluster.model else { return }
      gpus += history.line.operatorShare?.all.map(\.value).max() ?? 0
    }
    return gpus == 0 ? .zero : Timeline(always: gpus)
  }
}
