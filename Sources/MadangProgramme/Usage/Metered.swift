/// What the programme knows of a cluster that meters.
extension Programme {
  /// What a cluster's usage is judged by; nothing where there is no such cluster.
  public func metered(_ id: ClusterID) -> MeteredCluster? {
    guard let cluster = clusters.row(id) else { return nil }
    let known = allocations
    // By its row now or once: what was transferred away still has usage here.
    return MeteredCluster(
      cluster: id, model: cluster.model, gpusMax: cluster.gpus.all.map(\.value).max() ?? 0,
      knows: { known.contains($0) })
  }
}
