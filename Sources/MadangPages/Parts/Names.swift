import MadangProgramme
import MadangViews

/// What stands on screen for things that have a number and no name of their own. Where a file or
/// a program reads it, they keep the form that the API and the command line take: `award-12`.
extension PageContext {
  func name(_ id: ApplicationID) -> String { numbered(id, ko: "신청", en: "Application") }
  func name(_ id: AwardID) -> String { numbered(id, ko: "배정", en: "Award") }
  func name(_ id: AllocationID) -> String { numbered(id, ko: "할당", en: "Allocation") }
  func name(_ id: AmendmentID) -> String { numbered(id, ko: "협약변경", en: "Amendment") }
  func name(_ id: LendingID) -> String { numbered(id, ko: "대여", en: "Loan") }
  func name(_ id: AgentID) -> String { numbered(id, ko: "에이전트", en: "Agent") }

  private func numbered<Kind>(_ id: Identifier<Kind>, ko: String, en: String) -> String {
    say(ko: "\(ko) 제\(id.number)호", en: "\(en) \(id.number)")
  }

  /// Organisations have no names in the ledger: what everybody may know is the form.
  func name(_ id: OrganisationID) -> String {
    let form = programme.organisations.row(id)?.form.name(language)
    let name = say(ko: "수행기관 \(id.number)", en: "Organisation \(id.number)")
    return form.map { "\(name) (\($0))" } ?? name
  }

  /// Where it stands and what it is; what tells two lines of one centre apart is their tranche.
  func name(_ id: LineID) -> String {
    let line = programme.lines[id].line
    let site = say(programme.sites[line.site].name)
    guard let model = line.model else { return site }
    return "\(site), \(programme.models[model].name.value)"
  }

  func name(_ id: ClusterID) -> String {
    "\(shortName(id)) × \(programme.clusters[id].gpus.value.grouped)"
  }

  func shortName(_ id: ClusterID) -> String {
    let cluster = programme.clusters[id]
    return
      "\(say(programme.sites[cluster.site].name)), \(programme.models[cluster.model].name.value)"
  }

  /// `1차` of its call.
  func name(_ id: RoundID) -> String {
    let round = programme.rounds[id].round
    let call = say(programme.calls[round.call].name)
    return say(ko: "\(call) \(round.number)차", en: "\(call), round \(round.number)")
  }
}

extension TableView.Cell {
  /// A link with the name on screen; the identifier where a program reads it.
  static func link<Kind>(_ id: Identifier<Kind>, _ name: String, _ room: String) -> Self {
    let word = "\(id)"
    return .html("<a href=\"/\(room)/\(word)\">\(name)</a>", word)
  }

  static func named<Kind>(_ id: Identifier<Kind>, _ name: String) -> Self {
    .html("\(name)", "\(id)")
  }
}

extension String {
  /// Inside a sentence: `organisation 12`.
  var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
