import MadangCrypto
import MadangJournal
public import MadangProgramme
public import MadangViews

/// From an operation's checked values to the commands that it gives.
public struct Giving {
  let programme: Programme
  /// When it is given.
  let now: Instant
  /// The person of a name that a body has; refused where there is nobody of that name.
  let person: (String) throws -> PersonID
  /// The member of an award that a name means; refused where no member is called that.
  let member: (String, AwardID) throws -> PersonID

  public init(
    _ programme: Programme, at now: Instant,
    person: @escaping (String) throws -> PersonID,
    member: ((String, AwardID) throws -> PersonID)? = nil
  ) {
    self.programme = programme
    self.now = now
    self.person = person
    self.member = member ?? { name, _ in try person(name) }
  }

  /// One command, or several of which all are done or none.
  ///
  /// Throws: something that is named is not there; fields that do not go together.
  public func commands(
    _ operation: MadangViews.Operation, _ values: Values
  ) throws -> [Command] {
    switch operation.id {
    case "reviewApplications": return try reviews(values)
    case "recordStep", "registerUnits", "scheduleMaintenance":
      return [try supplyCommand(operation, values)]
    case "allocate", "addMember", "removeMember", "draftAmendment", "approveAmendment",
      "returnAmendment", "confirmHandover", "revokeAgent", "settle":
      return [try awardCommand(operation, values)]
    case "offerLending", "concludeLending", "withdrawLending", "endLending":
      return [try lendingCommand(operation, values)]
    default: return [try roundCommand(operation, values)]
    }
  }

  private func roundCommand(
    _ operation: MadangViews.Operation, _ values: Values
  ) throws -> Command {
    switch operation.id {
    case "advance": return .advance(try moment(values))
    case "registerOrganisation":
      guard let form = values.text("form").flatMap({ OrganisationForm(rawValue: $0) }),
        let region = values.text("region").flatMap({ Slug($0) })
      else { throw HTTPRefusal.unreadable }
      return .registerOrganisation(Organisation(form: form, region: region, synthetic: false))
    case "submitApplication":
      let organisation = try programme.known("organisation", values, programme.organisations)
      return .submit(try form(try round(values), organisation, values))
    case "reviseApplication":
      let id = try application(values)
      let row = programme.applications[id]
      guard let organisation = row.organisation else { throw HTTPRefusal.unreadable }
      return .revise(id, try form(row.round, organisation, values))
    case "withdrawApplication": return .withdraw(try application(values))
    case "judgeEligibility": return try judgement(values)
    case "declareConflict":
      guard let ground = values.text("ground").flatMap({ ConflictGround(rawValue: $0) }) else {
        throw HTTPRefusal.unreadable
      }
      return .declareConflict(
        try application(values), reviewer: try person(try need(values.text("reviewer"))), ground)
    case "reviewApplication":
      return .review(try application(values), points: try need(values.integers("points")))
    case "draftRound":
      let id = try round(values)
      let rules = programme.rounds[id].round.rules
      return .draftRound(id, rules: rules, ruleSet: Giving.digest(of: rules))
    case "returnRound": return .returnDraft(try round(values))
    case "approveRound": return .approveRound(try round(values))
    case "publishRound": return .publishRound(try round(values))
    case "concludeContract": return .concludeContract(try application(values))
    case "declineContract": return .declineContract(try application(values))
    default: throw HTTPRefusal.nothingThere
    }
  }

  /// Now, or where an exercise's clock is moved to: it never goes back.
  private func moment(_ values: Values) throws -> Instant {
    let (day, minute) = (values.day("to"), values.integer("minute"))
    guard day != nil || minute != nil else { return now }
    guard programme.charter?.exercise == true else { throw HTTPRefusal.exerciseOnly }
    // A time without a day is one of today.
    let days = programme.charter?.days
    guard let start = (day ?? days?.day(of: now)).flatMap({ days?.start(of: $0) }) else {
      throw ProgrammeRefusal.outsideDays
    }
    return Instant(start.seconds + (minute ?? 0) * 60)
  }

  /// The verdict that is given, or that of the round's rules over the facts that are.
  private func judgement(_ values: Values) throws -> Command {
    let id = try application(values)
    let row = programme.applications[id]
    let rules = programme.rounds[row.round].round.rules
    var broken = values.integer("brokenRule").map { Int32($0) }
    if broken == nil, let track = row.track, let organisation = row.organisation {
      let facts = EligibilityFacts(
        form: programme.organisations[organisation].form, barred: values.flag("barred"),
        owesTaxes: values.flag("owesTaxes"))
      let rule = rules.brokenRule(by: facts, in: programme.tracks[track])
      broken = rule.flatMap { rules.eligibility.firstIndex(of: $0) }.map { Int32($0) }
    }
    return .judgeEligibility(id, brokenRule: broken, ruleSet: Giving.digest(of: rules))
  }

  private func reviews(_ values: Values) throws -> [Command] {
    let round = try round(values)
    return try (values.rows("reviews") ?? []).map { row in
      let id = try application(row)
      guard programme.applications[id].round == round else {
        throw HTTPRefusal.unknown(field: "reviews", value: "\(id)")
      }
      return .review(id, points: try need(row.integers("points")))
    }
  }

  private func supplyCommand(
    _ operation: MadangViews.Operation, _ values: Values
  ) throws -> Command {
    let line = try programme.known("line", values, programme.lines)
    switch operation.id {
    case "registerUnits":
      return .registerUnits(
        line,
        AssetUnits(
          servers: try need(values.integer("servers")), firstSerial: try text("firstSerial", values)
        ))
    case "scheduleMaintenance":
      guard let from = values.day("from"), let to = values.day("to"),
        let term = Term(from: from, to: to)
      else { throw HTTPRefusal.wrong(field: "to") }
      return .scheduleMaintenance(
        line,
        Maintenance(
          gpus: try need(values.integer("gpus")), term: term, source: try source(values)))
    default:
      guard let state = values.text("state").flatMap({ SupplyState(rawValue: $0) }),
        let confidence = values.text("confidence").flatMap({ Confidence(rawValue: $0) })
      else { throw HTTPRefusal.unreadable }
      return .recordStep(
        line,
        SupplyStep(
          state: state, gpus: try need(values.integer("gpus")), on: try need(values.day("on")),
          confidence: confidence, source: try source(values), evidence: nil,
          planned: values.flag("planned")))
    }
  }

  // MARK: Parts

  static func digest(of rules: RuleSet) -> Digest { SHA256.hash(CanonicalWriter.bytes(of: rules)) }

  /// A value that the declaration requires, so that it is there.
  func need<Value>(_ value: Value?) throws(HTTPRefusal) -> Value {
    guard let value else { throw .unreadable }
    return value
  }

  /// A text whose length the declaration bounds.
  private func text(_ name: String, _ values: Values) throws(HTTPRefusal) -> Text {
    let given = try need(values.text(name))
    do throws(Text.Fault) {
      return try Text(given, limit: Limits.textScalarsMax)
    } catch {
      throw .wrong(field: name)
    }
  }

  private func application(_ values: Values) throws(Refusal) -> ApplicationID {
    try programme.known("application", values, programme.applications)
  }

  private func round(_ values: Values) throws(Refusal) -> RoundID {
    try programme.known("round", values, programme.rounds)
  }

  private func source(_ values: Values) throws(HTTPRefusal) -> SourceID {
    let name = values.text("source") ?? ""
    guard
      let id = programme.sources.ids.first(where: { programme.sources[$0].slug.value == name })
    else { throw .unknown(field: "source", value: name) }
    return id
  }

  private func form(
    _ id: RoundID, _ organisation: OrganisationID, _ values: Values
  ) throws -> ApplicationForm {
    let round = programme.rounds[id].round
    let slug = values.text("track") ?? ""
    guard
      let track = programme.tracks.ids.first(where: {
        programme.tracks[$0].call == round.call && programme.tracks[$0].slug.value == slug
      })
    else { throw HTTPRefusal.unknown(field: "track", value: slug) }
    var models: [DeviceModelID] = []
    for name in values.texts("models") ?? [] {
      guard
        let model = programme.models.ids.first(where: {
          programme.models[$0].slug.value == name
        })
      else { throw HTTPRefusal.unknown(field: "models", value: name) }
      models.append(model)
    }
    guard
      let term = Term(
        from: values.day("from") ?? round.period.from, to: values.day("to") ?? round.period.to)
    else { throw HTTPRefusal.wrong(field: "to") }
    return ApplicationForm(
      round: id, track: track,
      organisation: organisation,
      ask: Ask(models: models, gpus: try need(values.integer("gpus")), term: term),
      content: try need(values.text("content").flatMap { Digest(hex: $0) }))
  }
}
