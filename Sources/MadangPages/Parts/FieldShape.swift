import MadangProgramme
import MadangViews

/// How a field is drawn where only the programme knows what can stand in it: names instead of
/// identifiers, one box for each criterion instead of a list with commas.
///
/// It is found from the operation and the path's parts alone, so that a form that was refused has
/// the same choices when it is shown again.
enum FieldShape {
  /// One of these.
  case choices([Field.Choice])
  /// One of these, in words that others wrote, whatever their language.
  case quoted([Field.Choice])
  /// Some of these, the most wanted first.
  case ranked([Field.Choice], count: Int)
  /// A number for each of these.
  case parts([String])
  /// The same numbers for each of these rows; a row that is left empty is not sent.
  case grid([Row], parts: [String])
  /// Anything, and these are known.
  case suggestions([String])

  /// `key` is what is sent for it.
  struct Row: Equatable {
    let key: String
    let name: String
    let path: String
  }

  /// Rows that a grid shows at once; what is left comes when these were sent.
  static let rowsMax = 25

  static func of(
    _ field: Field, in operation: MadangViews.Operation, _ given: Values, _ context: PageContext
  ) -> FieldShape? {
    switch (operation.id, field.name) {
    case ("recordStep", "source"), ("scheduleMaintenance", "source"):
      .quoted(context.sources)
    case ("registerOrganisation", "region"): .suggestions(context.regions)
    case ("submitApplication", _), ("reviseApplication", _): application(field, given, context)
    case ("judgeEligibility", "brokenRule"): .choices(context.eligibilityRules(given))
    case ("reviewApplication", "points"): .parts(context.criteria(context.round(given)))
    case ("reviewApplications", "reviews"): reviews(given, context)
    case ("settle", _): settlement(field, given, context)
    case ("allocate", "cluster"), ("draftAmendment", "cluster"):
      .choices(context.clusters(given.identifier("award")))
    case ("draftAmendment", "allocation"):
      .choices(context.allocations(given.identifier("award")))
    case ("offerLending", "award"): .choices(context.borrowers(given.identifier("allocation")))
    default: nil
    }
  }

  private static func application(
    _ field: Field, _ given: Values, _ context: PageContext
  ) -> FieldShape? {
    switch field.name {
    case "organisation":
      return .choices(
        context.caller.organisations.map {
          .init("\($0)", ko: context.name($0), en: context.name($0))
        })
    case "track": return .choices(context.tracks(context.round(given)))
    case "models":
      let models = context.models(context.round(given))
      return .ranked(models, count: min(models.count, Limits.modelPreferencesMax))
    default: return nil
    }
  }

  private static func reviews(_ given: Values, _ context: PageContext) -> FieldShape? {
    guard let round = context.round(given), let person = context.caller.person else { return nil }
    let open = context.programme.reviewing(round, by: person).open
    return .grid(
      open.prefix(rowsMax).map {
        Row(key: "\($0)", name: context.name($0), path: "/applications/\($0)")
      }, parts: context.criteria(round))
  }

  private static func settlement(
    _ field: Field, _ given: Values, _ context: PageContext
  ) -> FieldShape? {
    guard let award: AwardID = given.identifier("award"),
      context.programme.awards.contains(award)
    else { return nil }
    let choices = SettlementChoices(award, context)
    switch field.name {
    case "month": return .choices(choices.months)
    case "price": return .choices(choices.prices)
    case "charge": return .choices(choices.charges)
    default: return nil
    }
  }
}

/// What an award's month can be settled by.
struct SettlementChoices {
  /// All of them sealed, and not settled as they are.
  let months: [Field.Choice]
  /// Published, and of the award's model or of none.
  let prices: [Field.Choice]
  /// Of the award's track.
  let charges: [Field.Choice]

  init(_ award: AwardID, _ context: PageContext) {
    let programme = context.programme
    months = programme.settleableMonths(of: award).map {
      .init("\($0)", ko: PageContext.month($0, .ko), en: PageContext.month($0, .en))
    }
    let row = programme.awards[award]
    let model = programme.lines[row.line].line.model
    prices = programme.prices.ids.compactMap { id in
      let price = programme.prices[id]
      guard let amount = price.amount, price.model == nil || price.model == model else {
        return nil
      }
      let name = "\(price.slug): \(context.money(amount)) "
      return .init(
        price.slug.value, ko: name + price.unit.name(.ko), en: name + price.unit.name(.en))
    }
    let track = programme.applications[row.application].track.map { programme.tracks[$0].slug }
    charges = programme.charges.ids.compactMap { id in
      let charge = programme.charges[id]
      guard charge.track == track, charge.lowest == charge.highest else { return nil }
      let name = "\(charge.slug): \(charge.lowest.percent)"
      return .init(charge.slug.value, ko: name, en: name)
    }
  }
}

extension Programme {
  /// Months of an award that all of its clusters have sealed, and that are not settled as they
  /// stand now; in order.
  func settleableMonths(of award: AwardID) -> [Month] {
    let rows = allocations(of: award).flatMap { usage(of: $0).months }
    return Set(rows.map(\.month)).sorted().filter { month in
      guard let end = charter?.days.span(of: month)?.to else { return false }
      let own = rows.filter { $0.month == month }
      let isSealed = own.allSatisfy { row in
        accounts(of: row.cluster).lastSealed.map { $0.end >= end } ?? false
      }
      guard isSealed else { return false }
      guard let newest = newestSettlement(of: award, month) else { return true }
      // Corrected since: what was erased is not settled again.
      let charged = own.reduce(0) { $0 + $1.charged.count }
      return settlements[newest].seconds.map { $0.count != charged } ?? false
    }
  }
}

// MARK: What there is to choose from

extension PageContext {
  /// The round that a form is about, itself or by its application.
  func round(_ given: Values) -> RoundID? {
    if let id: RoundID = given.identifier("round"), programme.rounds.contains(id) { return id }
    return given.identifier("application").flatMap { programme.applications.row($0)?.round }
  }

  /// The newest first.
  var sources: [Field.Choice] {
    programme.sources.ids.map { programme.sources[$0] }.sorted { $0.on > $1.on }.map { source in
      let name = "\(source.publisher.value), \(source.title.value)"
      return .init(
        source.slug.value, ko: "\(name) (\(date(source.on)))", en: "\(name) (\(date(source.on)))")
    }
  }

  /// Regions that something of the programme is in.
  var regions: [String] {
    var found: Set<String> = []
    for id in programme.sites.ids { found.insert(programme.sites[id].region.value) }
    programme.organisations.forEach { _, row in found.insert(row.region.value) }
    return found.sorted()
  }

  func tracks(_ round: RoundID?) -> [Field.Choice] {
    guard let call = round.map({ programme.rounds[$0].round.call }) else { return [] }
    return programme.tracks.ids.filter { programme.tracks[$0].call == call }.map { id in
      let track = programme.tracks[id]
      return .init(track.slug.value, ko: track.name[.ko], en: track.name[.en])
    }
  }

  /// Those that a round offers.
  func models(_ round: RoundID?) -> [Field.Choice] {
    let offers = round.map { programme.rounds[$0].round.offers } ?? []
    let models = offers.compactMap { programme.lines[$0.line].line.model }
    return Set(models).sorted().map { id in
      let model = programme.models[id]
      return .init(model.slug.value, ko: model.name.value, en: model.name.value)
    }
  }

  func criteria(_ round: RoundID?) -> [String] {
    guard let call = round.map({ programme.rounds[$0].round.call }) else { return [] }
    return programme.calls[call].criteria.map { say($0.name) }
  }

  func eligibilityRules(_ given: Values) -> [Field.Choice] {
    guard let id = round(given) else { return [] }
    return programme.rounds[id].round.rules.eligibility.enumerated().map { index, rule in
      .init("\(index)", ko: rule.name[.ko], en: rule.name[.en])
    }
  }

  /// Those that could take an award: of its model, with an engine.
  func clusters(_ award: AwardID?) -> [Field.Choice] {
    guard let line = award.flatMap({ programme.awards.row($0)?.line }) else { return [] }
    let model = programme.lines[line].line.model
    return programme.clusters.ids.filter {
      programme.clusters[$0].model == model && programme.bindings.row($0)?.engine != nil
    }
    .map { id in
      .init(programme.clusters[id].slug.value, ko: name(id), en: name(id))
    }
  }

  func allocations(_ award: AwardID?) -> [Field.Choice] {
    guard let award else { return [] }
    return programme.allocations(of: award).filter { programme.allocations[$0].isBound }.map { id in
      let name = "\(name(id)), \(shortName(programme.allocations[id].cluster))"
      return .init("\(id)", ko: name, en: name)
    }
  }

  /// Awards that are not over, but the allocation's own.
  func borrowers(_ allocation: AllocationID?) -> [Field.Choice] {
    let own = allocation.flatMap { programme.allocations.row($0)?.award }
    return programme.awards.ids.filter { $0 != own && programme.awards[$0].ended == nil }
      .map { id in
        let name = name(id) + ", " + name(programme.awards[id].organisation)
        return .init("\(id)", ko: name, en: name)
      }
  }

  /// `March 2026`.
  func month(_ month: Month) -> String { PageContext.month(month, language) }

  /// `2026년 5월`, `May 2026`.
  static func month(_ month: Month, _ language: Language) -> String {
    if language == .ko { return "\(month.year)년 \(month.month)월" }
    let names = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ]
    return "\(names[Int(month.month) - 1]) \(month.year)"
  }

  /// `1,800 KRW`.
  func money(_ amount: Int64) -> String {
    let currency = programme.charter?.currency.value.uppercased() ?? ""
    return "\(amount.grouped) \(currency)"
  }
}

extension Price.Unit {
  func name(_ language: Language) -> String {
    switch self {
    case .gpuHour: said(language, ko: "GPU·시간", en: "a GPU hour")
    case .gpuMonth: said(language, ko: "GPU·월", en: "a GPU month")
    }
  }
}

extension Ratio {
  /// `7.5%` where that is exact, else `1/3`.
  var percent: String {
    let tenths = Int128(numerator) * 1_000
    guard tenths % Int128(denominator) == 0 else { return "\(numerator)/\(denominator)" }
    let value = tenths / Int128(denominator)
    return value % 10 == 0 ? "\(value / 10)%" : "\(value / 10).\(value % 10)%"
  }
}
