public import MadangProgramme

/// How things look to programs: the same in `--json` and over the API.
extension Programme {
  public func json(_ claims: Claims) -> JSON {
    .array(
      claims.all.map { figure in
        .object([
          ("value", .int(figure.value)), ("confidence", .text(figure.confidence.rawValue)),
          ("source", .text(sources[figure.source].slug.value)),
          ("on", .text(figure.on.description)),
        ])
      })
  }

  private func json(_ progress: SupplySummary.Progress) -> [(String, JSON)] {
    [
      ("contracted", .int(progress.contracted)), ("delivered", .int(progress.delivered)),
      ("inService", .int(progress.inService)),
      ("inServicePlanned", .int(progress.inServicePlanned)),
    ]
  }

  public func json(_ summary: SupplySummary) -> JSON {
    .object([
      ("on", .text(summary.on.description)),
      ("target", summary.target.map { json($0) } ?? .null),
      ("total", .object(json(summary.total))),
      (
        "tranches",
        .array(
          summary.tranches.map { row in
            .object(
              [
                ("id", .text("\(row.id)")), ("slug", .text(row.tranche.slug.value)),
                ("gpus", .int(row.gpus)),
              ] + json(row.progress) + [
                (
                  "lines",
                  .array(
                    row.lines.map { line in
                      .object(
                        [
                          ("id", .text("\(line.id)")), ("slug", .text(line.line.slug.value)),
                          ("gpus", json(line.line.gpus)),
                        ] + json(line.progress) + [
                          ("confidence", .optional(line.confidence?.rawValue))
                        ])
                    })
                )
              ])
          })
      ),
      (
        "unattested",
        .array(
          summary.unattested.map { id, commitment in
            .object([
              ("id", .text("\(id)")), ("slug", .text(commitment.slug.value)),
              ("gpus", commitment.gpus.map { json($0) } ?? .null),
            ])
          })
      ),
    ])
  }

  public func json(_ id: LineID) -> JSON {
    let history = lines[id]
    return .object([
      ("id", .text("\(id)")), ("slug", .text(history.line.slug.value)),
      ("gpus", json(history.line.gpus)),
      (
        "steps",
        .array(
          history.steps.map { step in
            .object([
              ("state", .text(step.state.rawValue)), ("gpus", .int(step.gpus)),
              ("on", .text(step.on.description)), ("planned", .bool(step.planned)),
              ("confidence", .text(step.confidence.rawValue)),
              ("source", .text(sources[step.source].slug.value)),
              (
                "evidence",
                step.evidence.map { .object([("ko", .text($0[.ko])), ("en", .text($0[.en]))]) }
                  ?? .null
              ),
            ])
          })
      ),
      (
        "units",
        .array(
          history.units.map {
            .object([
              ("servers", .int($0.servers)), ("firstSerial", .text($0.firstSerial.value)),
            ])
          })
      ),
    ])
  }

  public func json(_ ranked: Ranked) -> JSON {
    let row = applications[ranked.application]
    var pairs: [(String, JSON)] = [
      ("application", .text("\(ranked.application)")), ("rank", .int(ranked.rank)),
      ("track", .optional(row.track.map { tracks[$0].slug.value })),
      ("gpus", .int(row.gpus)), ("synthetic", .bool(row.synthetic)),
      (
        "score",
        .object([("points", .int(ranked.score.points)), ("scale", .int(ranked.score.scale))])
      ),
    ]
    switch ranked.outcome {
    case .selected(let line, let pass):
      pairs += [
        ("outcome", .text("selected")), ("line", .text("\(line)")), ("pass", .int(pass)),
      ]
    case .notSelected(let reason, let reserve):
      pairs += [
        ("outcome", .text("notSelected")), ("reason", .text(reason.word)),
        ("reserve", .int(reserve)),
      ]
    }
    return .object(pairs)
  }

  public func json(_ id: RoundID) -> JSON {
    let state = rounds[id]
    let cuts = (state.published?.cutOffs ?? []).map { row in
      JSON.object([
        ("pool", .text(pools[row.pool].slug.value)),
        ("applications", .int(row.applications)), ("selected", .int(row.selected)),
        ("gpus", .int(row.gpus)),
        (
          "lowestScore",
          row.lowest.map { .object([("points", .int($0.points)), ("scale", .int($0.scale))]) }
            ?? .null
        ),
      ])
    }
    return .object([
      ("id", .text("\(id)")), ("call", .text(calls[state.round.call].slug.value)),
      ("number", .int(state.round.number)), ("stage", .text(state.stage.rawValue)),
      ("opens", .int(state.round.opens.seconds)), ("closes", .int(state.round.closes.seconds)),
      ("from", .text(state.round.period.from.description)),
      ("to", .text(state.round.period.to.description)),
      ("applications", .int(state.applicationCount)),
      ("synthetic", .bool(isSynthetic(id))),
      (
        "offers",
        .array(
          state.round.offers.map {
            .object([("line", .text("\($0.line)")), ("gpus", json($0.gpus))])
          })
      ), ("cutOffs", .array(cuts)),
    ])
  }

  public func json(_ id: ApplicationID) -> JSON {
    let row = applications[id]
    return .object([
      ("id", .text("\(id)")), ("round", .text("\(row.round)")),
      ("track", .optional(row.track.map { tracks[$0].slug.value })),
      ("organisation", .optional(row.organisation.map { "\($0)" })), ("gpus", .int(row.gpus)),
      ("models", .array(row.models.list.map { .text(models[$0].slug.value) })),
      ("from", .text(row.term.from.description)), ("to", .text(row.term.to.description)),
      ("received", .int(row.receivedAt.seconds)), ("content", .text(row.content.hex)),
      ("standing", .text("\(row.standing)")), ("synthetic", .bool(row.synthetic)),
      ("reviews", .int(row.reviewCount)),
    ])
  }

  public func json(_ id: OfferID) -> JSON {
    let offer = offers[id]
    return .object([
      ("application", .text("\(offer.application)")), ("round", .text("\(offer.round)")),
      ("gpus", .int(offer.gpus)), ("rank", .int(offer.rank)), ("pass", .int(offer.pass)),
      ("line", .text("\(offer.line)")), ("acceptBy", .text(offer.acceptBy.description)),
      ("standing", .text("\(offer.standing)")),
      ("synthetic", .bool(applications[offer.application].synthetic)),
    ])
  }

  public func json(_ id: AwardID) -> JSON {
    let award = awards[id]
    return .object([
      ("id", .text("\(id)")), ("contract", .text("\(award.contract)")),
      ("application", .text("\(award.application)")), ("gpus", .int(award.gpus)),
      ("line", .text("\(award.line)")), ("from", .text(award.term.from.description)),
      ("to", .text(award.term.to.description)),
      ("clock", award.clock.map { .text($0.description) } ?? .text("notStarted")),
      ("owedDays", .int(award.owedDays)), ("ended", .optional(award.ended?.description)),
      ("returnedOn", .optional(award.returnedOn?.description)),
    ])
  }

  public func json(_ limit: AllocationLimit) -> JSON {
    switch limit {
    case .reserved(let gpus): .object([("reservedGPUs", .int(gpus))])
    case .budget(let seconds): .object([("budgetGPUSeconds", .int(seconds.count))])
    }
  }

  /// What each of these allocations left elsewhere. For look-up only.
  func departures(of wanted: [AllocationID]) -> [AllocationID: [DepartureID]] {
    var found: [AllocationID: [DepartureID]] = [:]
    for id in wanted { found[id] = [] }
    departures.forEach { id, row in found[row.allocation]?.append(id) }
    return found
  }

  public func json(_ id: AllocationID) -> JSON {
    json(id, left: departures(of: [id])[id] ?? [])
  }

  /// `left` is what it left elsewhere.
  func json(_ id: AllocationID, left: [DepartureID]) -> JSON {
    let row = allocations[id]
    return .object([
      ("id", .text("\(id)")), ("award", .text("\(row.award)")),
      ("cluster", .text(clusters[row.cluster].slug.value)),
      ("simulated", .bool(bindings[row.cluster].engine?.simulated ?? false)),
      ("limit", json(row.limit)), ("override", row.override.map { json($0) } ?? .null),
      ("from", .text(row.term.from.description)), ("to", .text(row.term.to.description)),
      ("standing", .text("\(row.standing)")), ("generation", .int(row.generation)),
      ("enforcedGeneration", .optional(row.enforcedGeneration)),
      ("enforced", .bool(row.drift == nil && row.enforcedGeneration == row.generation)),
      ("drift", .optional(row.drift?.rawValue)), ("missingGPUs", .int(row.missingGPUs)),
      ("firstUse", .optional(row.firstUse?.seconds)),
      ("outageGPUSeconds", .int(row.outage.count)),
      ("readableTo", .optional(row.readableTo?.description)),
      ("lentGPUs", .int(row.lentGPUs)), ("lending", .optional(row.lending.map { "\($0)" })),
      ("left", .array(left.map { json($0) })),
    ])
  }

  public func json(_ id: LendingID) -> JSON {
    let row = lendings[id]
    return .object([
      ("id", .text("\(id)")), ("lender", .text("\(row.lender)")),
      ("award", .text("\(row.award)")), ("gpus", .int(row.gpus)),
      ("to", .text(row.to.description)), ("noticeDays", .int(row.noticeDays)),
      ("standing", .text("\(row.standing)")),
      ("allocation", .optional(row.allocation.map { "\($0)" })),
    ])
  }

  /// What an allocation left at a cluster, and how far it is back.
  func json(_ id: DepartureID) -> JSON {
    let row = departures[id]
    return .object([
      ("id", .text("\(id)")), ("cluster", .text(clusters[row.cluster].slug.value)),
      ("gpus", .int(row.gpus)), ("stage", .text("\(row.stage)")),
      ("readableTo", .optional(row.readableTo?.description)),
      ("certificate", .optional(row.certificate?.hex)),
    ])
  }
}

extension Programme {
  func json(_ id: AmendmentID, _ language: Language) -> JSON {
    let row = amendments[id]
    return .object([
      ("id", .text("\(id)")), ("award", .text("\(row.award)")),
      ("change", .text(words(for: row.change, language))),
      ("ground", .optional(row.ground?.rawValue)), ("standing", .text("\(row.standing)")),
    ])
  }

  /// `due` are the months that were corrected since they were settled.
  func json(_ id: SettlementID, _ due: [Settling]) -> JSON {
    let row = settlements[id]
    return .object([
      ("id", .text("\(id)")), ("award", .text("\(row.award)")),
      ("month", .text("\(row.month)")), ("gpuSeconds", .optional(row.seconds?.count)),
      ("amount", .optional(row.amount)), ("total", .optional(row.total)),
      ("remainder", .optional(row.remainder.map { "\($0)" })),
      ("amends", .optional(row.amends.map { "\($0)" })),
      (
        "correctedSince",
        .bool(
          newestSettlement(of: row.award, row.month) == id
            && due.contains { $0.award == row.award && $0.month == row.month })
      ),
    ])
  }
}

/// What stands on one page, for programs.
extension Programme {
  /// The programme at a glance: its name, its clock, and the four numbers.
  public func overviewJSON(on today: Day) -> JSON {
    let summary = supplySummary(on: today)
    return .object([
      ("slug", .optional(charter?.slug.value)),
      (
        "name",
        charter.map { .object([("ko", .text($0.name[.ko])), ("en", .text($0.name[.en]))]) } ?? .null
      ), ("exercise", .bool(charter?.exercise ?? false)), ("today", .text(today.description)),
      ("now", .int(now.seconds)), ("events", .int(eventCount)),
      ("target", summary.target.map { json($0) } ?? .null),
      ("contracted", .int(summary.total.contracted)),
      ("delivered", .int(summary.total.delivered)),
      ("inService", .int(summary.total.inService)), ("inUse", .int(gpusInUse.gpus)),
      ("inUseSimulated", .int(gpusInUse.simulated)),
      ("organisations", .int(organisations.count)), ("rounds", .int(rounds.count)),
      ("applications", .int(applications.count)),
      ("awards", .int(awards.count)), ("allocations", .int(allocations.count)),
    ])
  }

  /// The programme's promises: its target, every commitment, and the pools that they are for.
  var agreementsJSON: JSON {
    .object([
      ("slug", .optional(charter?.slug.value)), ("exercise", .bool(charter?.exercise ?? false)),
      ("now", .int(now.seconds)), ("events", .int(eventCount)),
      ("target", target.map { json($0) } ?? .null),
      (
        "commitments",
        .array(
          commitments.ids.map { id in
            let row = commitments[id]
            return .object([
              ("id", .text("\(id)")), ("slug", .text(row.slug.value)),
              ("agreement", .text(agreements[row.agreement].slug.value)),
              ("from", .text(parties[row.from].slug.value)),
              ("to", .array(row.to.map { .text(parties[$0].slug.value) })),
              ("gpus", row.gpus.map { json($0) } ?? .null),
              ("attestation", .text(row.attestation.rawValue)),
            ])
          })
      ),
      (
        "pools",
        .array(
          pools.ids.map { id in
            let row = pools[id]
            return .object([
              ("id", .text("\(id)")), ("slug", .text(row.slug.value)),
              ("parent", .optional(row.parent.map { pools[$0].slug.value })),
              ("share", .optional(row.share.map { "\($0)" })),
            ])
          })
      ),
    ])
  }

  var callsJSON: JSON {
    .array(
      calls.ids.map { id in
        let call = calls[id]
        let tracks = tracks.ids.filter { self.tracks[$0].call == id }
        return .object([
          ("id", .text("\(id)")), ("slug", .text(call.slug.value)),
          ("tracks", .array(tracks.map { .text(self.tracks[$0].slug.value) })),
          (
            "criteria",
            .array(
              call.criteria.map {
                .object([("slug", .text($0.slug.value)), ("weight", .int($0.weight))])
              })
          ),
        ])
      })
  }

  public var poolsJSON: JSON {
    .array(
      pools.ids.map { id in
        let pool = pools[id]
        return .object([
          ("id", .text("\(id)")), ("slug", .text(pool.slug.value)),
          ("parent", .optional(pool.parent.map { "\($0)" })),
          ("share", .optional(pool.share.map { "\($0.numerator)/\($0.denominator)" })),
        ])
      })
  }

  /// How many allocations each cluster binds. For look-up only.
  var boundCounts: [ClusterID: Int] {
    var counts: [ClusterID: Int] = [:]
    allocations.forEach { _, row in
      if row.isBound { counts[row.cluster, default: 0] += 1 }
    }
    return counts
  }

  public var clustersJSON: JSON {
    let counts = boundCounts
    return .array(
      clusters.ids.map { id in
        let cluster = clusters[id]
        let binding = bindings.row(id)
        let bound = counts[id] ?? 0
        return .object([
          ("id", .text("\(id)")), ("slug", .text(cluster.slug.value)),
          ("site", .text(sites[cluster.site].slug.value)),
          ("model", .text(models[cluster.model].slug.value)), ("gpus", .int(cluster.gpus.value)),
          ("engine", .optional(binding?.engine?.kind.rawValue)),
          ("simulated", .bool(binding?.engine?.simulated ?? false)),
          ("agent", .optional(binding?.agent.map { "\($0)" })), ("allocations", .int(bound)),
        ])
      })
  }

  /// What everybody may know of an application.
  public func publicJSON(_ id: ApplicationID) -> JSON {
    let row = applications[id]
    return .object([
      ("id", .text("\(id)")), ("round", .text("\(row.round)")),
      ("received", .int(row.receivedAt.seconds)), ("content", .text(row.content.hex)),
      ("synthetic", .bool(row.synthetic)),
    ])
  }

  public func json(_ row: PublicFacts.Selected) -> JSON {
    .object([
      ("rank", .int(row.rank)), ("pool", .text(pools[row.pool].slug.value)),
      ("organisation", .text("\(row.organisation)")), ("line", .text("\(row.line)")),
      ("gpus", .int(row.gpus)), ("from", .text(row.term.from.description)),
      ("to", .text(row.term.to.description)), ("pass", .int(row.pass)),
    ])
  }

  public func json(_ facts: RankFacts) -> JSON {
    .object([
      ("rank", .int(facts.rank)), ("selected", facts.selected.map { json($0) } ?? .null),
      (
        "pools",
        .array(
          facts.pools.map { left in
            .object([
              ("pool", .text(pools[left.of].slug.value)), ("capacity", .int(left.capacity)),
              ("left", .int(left.left)),
            ])
          })
      ),
      (
        "lines",
        .array(
          facts.lines.map { left in
            .object([
              ("line", .text("\(left.of)")), ("capacity", .int(left.capacity)),
              ("left", .int(left.left)),
            ])
          })
      ),
    ])
  }
}
