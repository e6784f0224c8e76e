import MadangAccess
import MadangCrypto
import MadangJournal
import MadangProgramme
import MadangViews

/// From an operation's checked values to the command that it gives.
extension Counter {
  func command(
    _ operation: Operation, _ values: Values, _ programme: Programme
  ) throws -> Command {
    switch operation.id {
    case "advance":
      guard programme.charter?.exercise == true else { throw HTTPRefusal.exerciseOnly }
      guard let start = values.day("to").flatMap({ programme.charter?.days.start(of: $0) }),
        start > now
      else { throw HTTPRefusal.wrong(field: "to") }
      return .advance(start)
    case "registerOrganisation":
      guard let form = values.text("form").flatMap({ OrganisationForm(rawValue: $0) }),
        let region = values.text("region").flatMap({ Slug($0) })
      else { throw HTTPRefusal.unreadable }
      return .registerOrganisation(Organisation(form: form, region: region, synthetic: false))
    case "submitApplication": return .submit(try form(values, programme))
    case "withdrawApplication": return .withdraw(try application(values, programme))
    case "judgeEligibility":
      let id = try application(values, programme)
      let rules = programme.rounds[programme.applications[id].round].round.rules
      return .judgeEligibility(
        id, brokenRule: values.integer("brokenRule").map { Int32($0) },
        ruleSet: Counter.digest(of: rules))
    case "reviewApplication":
      return .review(
        try application(values, programme), points: try need(values.integers("points")))
    case "draftRound":
      let id = try round(values, programme)
      let rules = programme.rounds[id].round.rules
      return .draftRound(id, rules: rules, ruleSet: Counter.digest(of: rules))
    case "returnRound": return .returnDraft(try round(values, programme))
    case "approveRound": return .approveRound(try round(values, programme))
    case "publishRound": return .publishRound(try round(values, programme))
    case "concludeContract": return .concludeContract(try application(values, programme))
    case "declineContract": return .declineContract(try application(values, programme))
    default: return try awardCommand(operation, values, programme)
    }
  }

  private func awardCommand(
    _ operation: Operation, _ values: Values, _ programme: Programme
  ) throws -> Command {
    switch operation.id {
    case "allocate":
      return .allocate(
        try known(values, "award", programme.awards), try cluster(values, programme),
        try limit(values))
    case "addMember":
      let award = try known(values, "award", programme.awards)
      let name = try need(values.text("name"))
      guard try access.accounts().contains(where: { $0.name == name && !$0.disabled }) else {
        throw HTTPRefusal.unknown(field: "name", value: name)
      }
      return .addMember(award, try journal.person(labelled: name))
    case "draftAmendment":
      guard let ground = values.text("ground").flatMap({ AmendmentGround(rawValue: $0) }) else {
        throw HTTPRefusal.unreadable
      }
      return .draftAmendment(
        try known(values, "award", programme.awards), try change(values), ground)
    case "approveAmendment":
      return .approveAmendment(try known(values, "amendment", programme.amendments))
    case "returnAmendment":
      return .returnAmendment(try known(values, "amendment", programme.amendments))
    case "confirmHandover":
      guard let assets = values.text("assets").flatMap({ Digest(hex: $0) }) else {
        throw HTTPRefusal.unreadable
      }
      return .confirmHandover(
        try known(values, "allocation", programme.allocations), assets: assets)
    default: throw HTTPRefusal.nothingThere
    }
  }

  // MARK: Parts

  static func digest(of rules: RuleSet) -> Digest { SHA256.hash(CanonicalWriter.bytes(of: rules)) }

  /// A value that the declaration requires, so that it is there.
  private func need<Value>(_ value: Value?) throws(HTTPRefusal) -> Value {
    guard let value else { throw .unreadable }
    return value
  }

  /// The row that the path names.
  func known<Kind, Row>(
    _ values: Values, _ name: String, _ table: PagedTable<Kind, Row>
  ) throws(HTTPRefusal) -> Identifier<Kind> {
    guard let id: Identifier<Kind> = values.identifier(name), table.contains(id) else {
      throw .nothingThere
    }
    return id
  }

  private func application(
    _ values: Values, _ programme: Programme
  ) throws(HTTPRefusal) -> ApplicationID {
    try known(values, "application", programme.applications)
  }

  private func round(_ values: Values, _ programme: Programme) throws(HTTPRefusal) -> RoundID {
    try known(values, "round", programme.rounds)
  }

  private func cluster(_ values: Values, _ programme: Programme) throws(HTTPRefusal) -> ClusterID {
    let name = values.text("cluster") ?? ""
    guard
      let id = programme.clusters.ids.first(where: { programme.clusters[$0].slug.value == name })
    else { throw .unknown(field: "cluster", value: name) }
    return id
  }

  private func limit(_ values: Values) throws(HTTPRefusal) -> AllocationLimit {
    switch (values.integer("gpus"), values.integer("budgetGPUHours")) {
    case (let gpus?, nil): return .reserved(gpus: gpus)
    case (nil, let hours?): return .budget(GPUSeconds(hours * 3_600))
    default: throw .oneOf(["gpus", "budgetGPUHours"])
    }
  }

  private func change(_ values: Values) throws(HTTPRefusal) -> AmendmentChange {
    switch values.text("change") {
    case "extension":
      guard let to = values.day("to") else { throw .missing(field: "to") }
      return .extension(to: to)
    case "supplement":
      guard let gpus = values.integer("gpus") else { throw .missing(field: "gpus") }
      return .supplement(gpus: gpus)
    case "suspension": return .suspension
    case "resumption": return .resumption
    case "end": return .end
    default: throw .missing(field: "change")
    }
  }

  private func form(_ values: Values, _ programme: Programme) throws -> ApplicationForm {
    let id = try round(values, programme)
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
      organisation: try known(values, "organisation", programme.organisations),
      ask: Ask(models: models, gpus: try need(values.integer("gpus")), term: term),
      content: try need(values.text("content").flatMap { Digest(hex: $0) }))
  }
}
