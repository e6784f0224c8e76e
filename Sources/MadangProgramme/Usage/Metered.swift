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

  /// GPUs of a cluster that its operator keeps by agreement, from the events on that said so.
  public func operatorShare(of id: ClusterID) -> Timeline { accounts(of: id).operatorShare }

  /// What operators keep by agreement may be another from this event on; hours before it keep what
  /// held then.
  ///
  /// It is what lines at a cluster's centre and of its model say, where it is the only such one:
  /// which of several holds them nobody published, and a simulated one holds none of a real line's.
  /// Where claims differ, the largest, as for awards.
  ///
  /// Complexity: O(clusters + lines).
  mutating func applyOperatorShares() {
    struct Place: Hashable {
      let site: SiteID
      let model: DeviceModelID
    }
    var clusterCounts: [Place: Int] = [:]
    clusters.forEach { _, row in
      clusterCounts[Place(site: row.site, model: row.model), default: 0] += 1
    }
    var kept: [Place: Int64] = [:]
    lines.forEach { _, history in
      guard let model = history.line.model else { return }
      kept[Place(site: history.line.site, model: model), default: 0] +=
        history.line.operatorShare?.all.map(\.value).max() ?? 0
    }
    for id in clusters.ids {
      let place = Place(site: clusters[id].site, model: clusters[id].model)
      let isTheirs = clusterCounts[place] == 1 && bindings.row(id)?.engine?.simulated != true
      let gpus = isTheirs ? kept[place] ?? 0 : 0
      while clusterAccounts.count < Int(id.number) { clusterAccounts.append(ClusterAccounts()) }
      guard clusterAccounts[id].operatorShare.value(at: now) != gpus else { continue }
      clusterAccounts[id].operatorShare.set(gpus, from: now)
    }
  }
}
