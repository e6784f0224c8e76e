@testable import MadangProgramme

/// Lines about allocations and what binds them.
///
/// ```
/// cluster c1 h100 4              engine c1 handover simulated=
/// allocate award-1 c1 16         allocate award-1 c2 budget=3600
/// draft-amendment award-1 extension 2027-04-01     approve-amendment 1 by=2
/// read c1 1:16/16                read c1 1:16/8 assets=7 wiped=1
/// ```
/// `read` says what an engine was found to hold: allocation, GPUs of its limit and GPUs ready; a
/// budget as `2:b3600`, one that is suspended with `!`; the generation is the cluster's newest
/// unless `generation=` says another. `wiped=1:7` is the certificate 7 of allocation 1.
extension Scenario {
  mutating func bind(
    _ verb: String, _ rest: [String], _ options: [String: String]
  ) throws(Refusal) -> [String] {
    let by = options["by"].map { Scenario.person(Int64($0) ?? 0) }
    switch verb {
    case "site":
      let site = Site(
        slug: Scenario.slug(rest[0]), name: Scenario.said(rest[0]), operatedBy: PartyID(1),
        region: Scenario.slug("inland"), planned: false)
      try give(.define(.site(programme.sites.nextID, site)))
    case "cluster": try cluster(rest, options)
    case "shrink", "lost":
      let cluster: ClusterID = id(rest[0])
      let old = programme.clusters[cluster]
      let servers = Int64(rest[1]) ?? 0
      let gpus = servers * programme.models[old.model].gpusPerServer
      let smaller = Cluster(
        slug: old.slug, site: old.site, model: old.model, servers: servers,
        gpus: Scenario.claims(gpus))
      // Lost: as if nobody had asked whether it is held.
      if verb == "lost" {
        programme.clusters[cluster] = smaller
      } else {
        try give(.define(.cluster(cluster, smaller)))
      }
    case "engine":
      let engine = ClusterEngine(
        kind: EngineKind(rawValue: rest[1]) ?? .local, simulated: options["simulated"] != nil)
      try give(.define(.engine(id(rest[0]), engine)))
    case "allocate":
      let limit = Scenario.limit(rest.count > 2 ? rest[2] : nil, options)
      return bound(try give(.allocate(awardID(rest[0]), id(rest[1]), limit)))
    case "member":
      return bound(try give(.addMember(awardID(rest[0]), Scenario.person(Int64(rest[1]) ?? 0))))
    case "leave":
      return bound(
        try give(.removeMember(awardID(rest[0]), Scenario.person(Int64(rest[1]) ?? 0))))
    case "draft-amendment":
      let change = change(Array(rest.dropFirst()), options)
      return bound(
        try give(.draftAmendment(awardID(rest[0]), change, .teamRequest), by: by))
    case "approve-amendment":
      return bound(try give(.approveAmendment(AmendmentID(Int(rest[0]) ?? 1)), by: by ?? head))
    case "return-amendment":
      return bound(try give(.returnAmendment(AmendmentID(Int(rest[0]) ?? 1))))
    case "confirm":
      let assets = Digest(0, 0, 0, UInt64(options["assets"] ?? "0") ?? 0)
      return bound(
        try give(.confirmHandover(AllocationID(Int(rest[0]) ?? 1), assets: assets), by: by))
    case "enrol":
      return bound(
        try give(
          .enrolAgent(
            id(rest[0]), algorithm: Scenario.slug("ed25519"),
            key: Text(assumingValid: rest[1]))))
    case "revoke": return bound(try give(.revokeAgent(AgentID(Int(rest[0]) ?? 1))))
    case "read": return bound(try give(.readBack(observed(rest, options))))
    case "readable": try give(.define(.readableDays(Int64(rest[0]) ?? 0)))
    case "outage": return ["\(programme.allocations[AllocationID(Int(rest[0]) ?? 1)].outage)"]
    case "operator-share":
      return operatorShare(id(rest[0]), at: rest.count > 1 ? Scenario.moment(rest[1]) : clock)
    case "desired": return desired(id(rest[0]))
    case "award": return award(awardID(rest[0]))
    default: return try lend(verb, rest, options)
    }
    return []
  }

  /// A cluster, or with `id=` the same cluster anew.
  private mutating func cluster(
    _ rest: [String], _ options: [String: String]
  ) throws(Refusal) {
    let model: DeviceModelID = id(rest[1])
    let servers = Int64(rest[2]) ?? 0
    let gpus = servers * programme.models[model].gpusPerServer
    let cluster = Cluster(
      slug: Scenario.slug(rest[0]), site: SiteID(Int(options.number("site") ?? 1)), model: model,
      servers: servers,
      gpus: Scenario.claims(gpus))
    let new = options["id"].map { ClusterID(Int($0) ?? 1) } ?? programme.clusters.nextID
    try give(rest[0], new, .cluster(new, cluster))
  }

  /// What two teams agree on: `lend ALLOCATION GPUS AWARD DAY notice=7`, and what comes of it.
  private mutating func lend(
    _ verb: String, _ rest: [String], _ options: [String: String]
  ) throws(Refusal) -> [String] {
    let by = options["by"].map { Scenario.person(Int64($0) ?? 0) }
    switch verb {
    case "lend":
      let terms = LendingTerms(
        lender: AllocationID(Int(rest[0]) ?? 1), award: awardID(rest[2]),
        gpus: Int64(rest[1]) ?? 0, to: Scenario.day(rest[3]),
        noticeDays: options.number("notice") ?? 7)
      return bound(try give(.offerLending(terms), by: by))
    case "withdraw-lending":
      return bound(try give(.withdrawLending(LendingID(Int(rest[0]) ?? 1)), by: by))
    case "conclude-lending":
      return bound(try give(.concludeLending(LendingID(Int(rest[0]) ?? 1)), by: by))
    case "end-lending":
      return bound(try give(.endLending(LendingID(Int(rest[0]) ?? 1)), by: by))
    default: preconditionFailure("a scenario does not know \(verb)")
    }
  }

  private func awardID(_ word: String) -> AwardID { AwardID(word) ?? AwardID(1) }

  private static func limit(_ gpus: String?, _ options: [String: String]) -> AllocationLimit {
    if let budget = options.number("budget") { return .budget(GPUSeconds(budget)) }
    return .reserved(gpus: gpus.flatMap { Int64($0) } ?? 0)
  }

  private func change(_ words: [String], _ options: [String: String]) -> AmendmentChange {
    let allocation = words.dropFirst().first.flatMap { Int($0) }.map { AllocationID($0) }
    let target = allocation ?? AllocationID(1)
    let limit = Scenario.limit(words.count > 2 ? words[2] : nil, options)
    switch words[0] {
    case "extension": return .extension(to: Scenario.day(words[1]))
    case "supplement": return .supplement(gpus: Int64(words[1]) ?? 0)
    case "transfer": return .transfer(target, to: id(words[2]))
    case "resize": return .resize(target, limit)
    case "override": return .override(target, limit)
    case "override-end": return .overrideEnd(target)
    case "recall": return .recall(target)
    case "suspension": return .suspension
    case "resumption": return .resumption
    default: return .end
    }
  }

  private func observed(_ words: [String], _ options: [String: String]) -> ObservedState {
    let cluster: ClusterID = id(words[0])
    let assets = options["assets"].flatMap { UInt64($0) }.map { Digest(0, 0, 0, $0) }
    let list = words.dropFirst().map { word in
      let suspended = word.hasSuffix("!")
      let parts = word.filter { $0 != "!" }.split { ":/".contains($0) }.map(String.init)
      let budget = parts[1].hasPrefix("b") ? Int64(parts[1].dropFirst()) : nil
      return ObservedAllocation(
        allocation: AllocationID(Int(parts[0]) ?? 1),
        limit: budget.map { .budget(GPUSeconds($0)) } ?? .reserved(gpus: Int64(parts[1]) ?? 0),
        suspended: suspended, readyGPUs: parts.count > 2 ? Int64(parts[2]) ?? 0 : 0,
        assets: assets)
    }
    let wiped = options["wiped"].map { text in
      text.split(separator: ",").map { word in
        let parts = word.split(separator: ":").compactMap { Int($0) }
        return WipeCertificate(
          allocation: AllocationID(parts[0]),
          certificate: parts.count > 1 ? Digest(0, 0, 0, UInt64(parts[1])) : Scenario.digest)
      }
    }
    return ObservedState(
      cluster: cluster,
      generation: options.number("generation") ?? programme.bindings[cluster].generation,
      at: clock, allocations: list,
      devices: DeviceCounts(
        up: options.number("up") ?? 0, down: options.number("down") ?? 0,
        maintenance: options.number("maintenance") ?? 0,
        preparing: options.number("preparing") ?? 0), wiped: wiped ?? [])
  }

  private func desired(_ cluster: ClusterID) -> [String] {
    programme.desired(cluster).allocations.map { row in
      "\(row.allocation) \(Scenario.said(row.limit))\(row.suspended ? " suspended" : "")"
    }
  }

  private func operatorShare(_ cluster: ClusterID, at: Instant) -> [String] {
    ["\(programme.operatorShare(of: cluster).value(at: at))"]
  }

  private func award(_ id: AwardID) -> [String] {
    let row = programme.awards[id]
    let owed = row.clock != nil || row.owedDays > 0 ? " owed \(row.owedDays)" : ""
    let clock = (row.clock.map { " clock \($0)" } ?? "") + owed
    let ended = row.ended.map { " ended \($0)" } ?? ""
    let back = row.returnedOn.map { " back \($0)" } ?? ""
    return ["\(row.gpus) \(row.term.from)..\(row.term.to)\(clock)\(ended)\(back)"]
  }

  static func said(_ limit: AllocationLimit) -> String {
    switch limit {
    case .reserved(let gpus): "\(gpus)"
    case .budget(let seconds): "budget \(seconds.count)"
    }
  }

  private func bound(_ events: [Event]) -> [String] { events.map(boundEvent) }

  private func boundEvent(_ event: Event) -> String {
    switch event {
    case .allocationMade(let body):
      "\(body.allocation) \(Scenario.said(body.limit)) at \(name(of: body.cluster)) "
        + "\(body.term.from)..\(body.term.to)"
    case .bindingEnforced(let body):
      "\(body.allocation) enforced"
        + (body.outage > .zero ? " after an outage of \(body.outage)" : "")
    case .bindingDrifted(let body):
      "\(body.allocation) \(body.drift)"
        + (body.missingGPUs > 0 ? " missing \(body.missingGPUs)" : "")
        + (body.outage > .zero ? " after \(body.outage)" : "")
    case .clockStarted(let body):
      "\(body.award) clock \(body.on), delay \(body.delayDays), to \(body.term.to), "
        + "owed \(body.owedDays)"
    case .allocationReturned(let body): "\(body.allocation) back \(body.on)"
    case .allocationDeparted(let body):
      "\(body.allocation) leaves \(name(of: body.cluster)) with \(body.gpus)"
        + (body.readableTo.map { ", readable to \($0)" } ?? "")
    case .wipeOrdered(let body):
      "\(body.allocation) to be wiped at \(name(of: body.cluster))"
    case .departureReturned(let body): "\(body.departure) back \(body.on)"
    case .lendingOffered(let body): "\(body.lending) offered"
    case .lendingWithdrawn(let id): "\(id) withdrawn"
    case .lendingConcluded(let body):
      "\(body.lending) concluded: \(body.allocation) \(body.term.from)..\(body.term.to)"
    case .lendingRecalled(let body): "\(body.lending) to \(body.to)"
    case .lendingEnded(let body): "\(body.lending) ended \(body.on)"
    case .amendmentDrafted(let body): "\(body.amendment) drafted"
    case .amendmentApproved(let body): "\(body.amendment) approved"
    case .awardEnded(let body): "\(body.award) ended \(body.on)"
    default: event.type
    }
  }
}
