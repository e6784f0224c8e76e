public import MadangProgramme

/// What a decision became in the ledger.
public struct Decided: Sendable {
  public let numbers: [Int64]
  public let events: [Event]
  /// The same was sent before, and this is what it became then.
  public let replayed: Bool

  public init(numbers: [Int64], events: [Event], replayed: Bool) {
    self.numbers = numbers
    self.events = events
    self.replayed = replayed
  }
}

extension Programme {
  /// What a decision answers: a sentence for people, and for programs its events beside it.
  ///
  /// The programme is the one after it.
  public func answer(
    _ operation: Operation, _ values: Values, _ decided: Decided, _ language: Language
  ) -> Answer {
    let programme = self
    return Answer(
      .object(
        [("done", .text(programme.sentence(operation.id, values, decided, Prose(language))))]
          + programme.named(decided) + [
            ("events", .array(decided.numbers.map { .int($0) })),
            ("types", .array(decided.events.map { .text($0.type) })),
            ("replayed", .bool(decided.replayed)), ("size", .int(programme.eventCount)),
          ]),
      text: { programme.sentence(operation.id, values, decided, $0) })
  }

  /// What came of it, by name.
  private func named(_ decided: Decided) -> [(String, JSON)] {
    var pairs: [(String, JSON)] = []
    for event in decided.events {
      switch event {
      case .organisationRegistered(let id, _): pairs.append(("organisation", .text("\(id)")))
      case .applicationSubmitted(let body), .applicationRevised(let body):
        pairs += [
          ("application", .text("\(body.application)")),
          ("event", .optional(decided.numbers.first)),
          ("received", .int(applications[body.application].receivedAt.seconds)),
          ("content", .text(body.content.hex)),
        ]
      case .awardGranted(let body): pairs.append(("award", .text("\(body.award)")))
      case .amendmentDrafted(let body): pairs.append(("amendment", .text("\(body.amendment)")))
      case .allocationMade(let body): pairs.append(("allocation", .text("\(body.allocation)")))
      case .lendingOffered(let body): pairs.append(("lending", .text("\(body.lending)")))
      case .lendingConcluded(let body):
        pairs.append(("allocation", .text("\(body.allocation)")))
      default: continue
      }
    }
    return pairs
  }

  private func sentence(
    _ operation: String, _ values: Values, _ decided: Decided, _ prose: Prose
  ) -> String {
    switch operation {
    case "advance":
      let (time, count) = (prose.time(now, self), decided.events.count)
      return prose.say(
        ko: "\(time)까지, 사건 \(count)건.", en: "To \(time): \(counted(count, "event")).")
    case "recordStep", "registerUnits", "scheduleMaintenance":
      return supplySentence(values, decided, prose)
    case "registerOrganisation", "submitApplication", "reviseApplication", "withdrawApplication",
      "judgeEligibility", "declareConflict", "reviewApplication", "reviewApplications":
      return applicationSentence(operation, values, decided, prose)
    case "draftRound", "returnRound", "approveRound", "publishRound", "concludeContract",
      "declineContract":
      return roundSentence(operation, values, decided, prose)
    case "offerLending", "concludeLending", "withdrawLending", "endLending":
      return lendingSentence(values, decided, prose)
    default: return awardSentence(operation, values, decided, prose)
    }
  }

  // MARK: Supply

  private func supplySentence(
    _ values: Values, _ decided: Decided, _ prose: Prose
  ) -> String {
    switch decided.events.first {
    case .supplyStepped(let id, let step):
      let (slug, state) = (lines[id].line.slug, step.state.name(prose.language))
      return prose.say(
        ko: "\(slug): \(step.on)에 GPU \(step.gpus.grouped)장 \(state)(으)로 기록했습니다.",
        en: "\(slug): recorded \(step.gpus.grouped) GPUs as \(state) on \(step.on).")
    case .unitsRegistered(let id, let units):
      return prose.say(
        ko: "\(lines[id].line.slug): 서버 \(units.servers.grouped)대를 등록했습니다.",
        en: "\(lines[id].line.slug): servers registered: \(units.servers.grouped).")
    case .maintenanceScheduled(let id, let window):
      return prose.say(
        ko: "\(lines[id].line.slug): \(prose.term(window.term)) GPU "
          + "\(window.gpus.grouped)장 점검을 등록했습니다.",
        en: "\(lines[id].line.slug): scheduled maintenance of \(window.gpus.grouped) GPUs, "
          + "\(prose.term(window.term)).")
    default: return Programme.unchanged(prose)
    }
  }

  static func unchanged(_ prose: Prose) -> String {
    prose.say(ko: "바뀐 것이 없습니다.", en: "Nothing changed.")
  }
}
