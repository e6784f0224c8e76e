@testable import MadangProgramme

/// Lines that define: a programme's folder in a few words.
extension Scenario {
  /// Whether the verb was one of these.
  @discardableResult
  mutating func define(
    _ verb: String, _ rest: [String], _ options: [String: String]
  ) throws(Refusal) -> Bool {
    switch verb {
    case "found": try give(.found(Scenario.charter))
    // As if it had been founded as no exercise.
    case "earnest": programme.charter = Scenario.charter(exercise: false)
    case "basis": try basis()
    case "model":
      let slug = Scenario.slug(rest[0])
      let model = DeviceModel(
        slug: slug, name: Text(assumingValid: rest[0]),
        gpusPerServer: options.number("server") ?? 8)
      let id = options.number("id").map { DeviceModelID(Int($0)) } ?? programme.models.nextID
      try give(rest[0], id, .model(id, model))
    case "line": try line(rest, options)
    case "step":
      let step = SupplyStep(
        state: SupplyState(rawValue: rest[1]) ?? .inService, gpus: Int64(rest[2]) ?? 0,
        on: Scenario.day(rest[3]),
        confidence: options["sure"].flatMap(Confidence.init(rawValue:)) ?? .accepted,
        source: SourceID(1), evidence: nil, planned: options["planned"] != nil)
      try give(.recordStep(id(rest[0]), step))
    case "units":
      let serial = Text(assumingValid: options["serial"] ?? "S1")
      let units = AssetUnits(servers: Int64(rest[1]) ?? 0, firstSerial: serial)
      try give(.registerUnits(id(rest[0]), units))
    case "maintenance":
      let window = Maintenance(
        gpus: Int64(rest[1]) ?? 0, term: Scenario.term(rest[2]), source: SourceID(1))
      try give(.scheduleMaintenance(id(rest[0]), window))
    case "pool":
      let pool = Pool(
        slug: Scenario.slug(rest[0]), name: Scenario.said(rest[0]),
        parent: options["parent"].map { id($0) }, share: options["share"].flatMap { Ratio($0) },
        basis: nil)
      let new = options["id"].map { PoolID(Int($0) ?? 1) } ?? programme.pools.nextID
      try give(rest[0], new, .pool(new, pool))
    case "track":
      let track = Track(
        slug: Scenario.slug(rest[0]), call: options["call"].map { id($0) } ?? CallID(1),
        name: Scenario.said(rest[0]), pool: id(rest[1]),
        organisations: [options["for"].flatMap(OrganisationForm.init(rawValue:)) ?? .company])
      let new = options["id"].map { TrackID(Int($0) ?? 1) } ?? programme.tracks.nextID
      try give(rest[0], new, .track(new, track))
    case "call":
      try give(.define(.call(programme.calls.nextID, Scenario.call([1], slug: rest[0]))))
    case "criteria":
      try give(.define(.call(CallID(1), Scenario.call(rest.map { Int64($0) ?? 0 }, slug: "call"))))
    case "holidays":
      let days = rest.map {
        HolidayCalendar.Holiday(day: Scenario.day($0), name: Scenario.said("h"))
      }
      try give(.define(.holidays(HolidayCalendar(weekend: [5, 6], holidays: days))))
    case "org":
      let organisation = Organisation(
        form: .company, region: Scenario.slug(rest[1]), synthetic: options["synthetic"] != nil)
      try give(.registerOrganisation(organisation))
      name(rest[0], OrganisationID(programme.organisations.count))
    case "round": try round(rest, options)
    default: return false
    }
    return true
  }

  private mutating func basis() throws(Refusal) {
    let slug = Scenario.slug("basis")
    let text = Text(assumingValid: "basis")
    let on = Scenario.day("2026-01-01")
    let source = Source(slug: slug, title: text, publisher: text, on: on, dayKnown: true, url: nil)
    try give(.define(.source(SourceID(1), source)))
    try give(
      .define(.party(PartyID(1), Party(slug: slug, name: Scenario.said("party"), kind: .agency))))
    let tranche = Tranche(
      slug: slug, name: Scenario.said("tranche"), owner: PartyID(1), commitment: nil,
      source: SourceID(1))
    try give(.define(.tranche(TrancheID(1), tranche)))
    let site = Site(
      slug: slug, name: Scenario.said("site"), operatedBy: PartyID(1), region: slug, planned: false)
    try give(.define(.site(SiteID(1), site)))
    try give(.define(.call(CallID(1), Scenario.call([1], slug: "call"))))
  }

  /// A line, all of it in service from the first day of 2026 unless it says `empty=`; or with
  /// `id=` the same line anew.
  private mutating func line(_ rest: [String], _ options: [String: String]) throws(Refusal) {
    let gpus = Int64(rest[2]) ?? 0
    let line = Line(
      slug: Scenario.slug(rest[0]), tranche: TrancheID(1),
      site: SiteID(Int(options.number("site") ?? 1)),
      model: rest[1] == "-" ? nil : id(rest[1]), operatedBy: nil, gpus: Scenario.claims(gpus),
      operatorShare: options.number("operator").map(Scenario.claims),
      spares: options.number("spares") ?? 0)
    let id = options["id"].map { LineID(Int($0) ?? 1) } ?? programme.lines.nextID
    try give(rest[0], id, .line(id, line))
    if options["empty"] == nil, options["id"] == nil {
      _ = try define("step", [rest[0], "inService", rest[2], "2026-01-01"], [:])
    }
  }

  private mutating func round(_ rest: [String], _ options: [String: String]) throws(Refusal) {
    let accept = options["accept"] ?? "14"
    let offers = rest.dropFirst().map { word in
      let parts = word.split(separator: ":").map(String.init)
      return Round.Offer(line: id(parts[0]), gpus: Scenario.claims(Int64(parts[1]) ?? 0))
    }
    let round = Round(
      call: CallID(1), number: Int64(programme.rounds.count + 1),
      opens: Scenario.moment(options["opens"] ?? "2026-01-05T00:00:00"),
      closes: Scenario.moment(options["closes"] ?? "2026-02-01T00:00:00"),
      period: options["period"].map(Scenario.term) ?? Scenario.year,
      acceptance: Round.Acceptance(
        days: Int64(accept.filter(\.isNumber)) ?? 0, business: accept.hasSuffix("b")),
      minimumConfidence: options["sure"].flatMap(Confidence.init(rawValue:)) ?? .contracted,
      offers: offers, rules: ruleSet(options), asksPublicFrom: nil)
    let new = options["id"].map { RoundID(Int($0) ?? 1) } ?? programme.rounds.nextID
    try give(rest[0], new, .round(new, round))
  }
}
