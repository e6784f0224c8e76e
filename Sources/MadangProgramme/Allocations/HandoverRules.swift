/// Rules of hand-over and of agents: both sides confirm, and one agent speaks for a cluster.
extension Programme {
  /// The team confirms the servers that the operator's inventory names.
  func decideConfirmHandover(
    _ id: AllocationID, _ assets: Digest, _ envelope: Envelope
  ) throws(Refusal) -> Event {
    try exists(id, allocations)
    let row = allocations[id]
    guard row.isBound else { throw .allocations(.allocationOver(id)) }
    guard try binding(row.cluster).engine?.kind == .handover,
      case .reserved(let gpus) = row.binding
    else { throw .allocations(.notHandedOver(id)) }
    guard member(envelope.by, of: row.award) != nil else {
      throw .allocations(.notAMember(row.award))
    }
    return .handoverConfirmed(HandoverConfirmed(allocation: id, assets: assets, gpus: gpus))
  }

  func decideEnrol(
    _ cluster: ClusterID, _ algorithm: Slug, _ key: Text
  ) throws(Refusal) -> Event {
    let binding = try binding(cluster)
    if let agent = binding.agent { throw .allocations(.clusterHasAgent(cluster, agent)) }
    guard (2...200).contains(key.value.utf8.count), key.value.utf8.count.isMultiple(of: 2),
      key.value.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { throw .allocations(.badKey) }
    var used = false
    agents.forEach { _, agent in if agent.key == key { used = true } }
    // A key that was revoked stays so.
    if used { throw .allocations(.badKey) }
    return .agentEnrolled(
      AgentEnrolled(agent: agents.nextID, algorithm: algorithm, cluster: cluster, key: key))
  }

  /// The agent that speaks for a cluster by this key; nothing where another does, or nobody.
  public func agent(of cluster: ClusterID, algorithm: Slug, key: Text) -> AgentID? {
    guard let id = bindings.row(cluster)?.agent, agents[id].key == key,
      agents[id].algorithm == algorithm
    else { return nil }
    return id
  }

  func decideRevoke(_ id: AgentID) throws(Refusal) -> Event {
    try exists(id, agents)
    guard !agents[id].revoked else { throw .allocations(.agentRevoked(id)) }
    return .agentRevoked(id)
  }
}
