internal import MadangProgramme

/// Everything that could be read of a folder's files, before it is checked as a whole.
final class FolderFiles {
  static let names = [
    "agreements.yaml", "calls.yaml", "fleet.yaml", "holidays.yaml", "parties.yaml", "pools.yaml",
    "prices.yaml", "programme.yaml", "sources.yaml", "supply.yaml",
  ]

  let reading: Reading
  private let contents: FolderContents
  private(set) var programme: ProgrammeFile?
  private(set) var sources = Batch<Source>.unread
  private(set) var parties = Batch<Party>.unread
  private(set) var agreements: AgreementsFile?
  private(set) var fleet: FleetFile?
  private(set) var supply: SupplyFile?
  private(set) var pools = Batch<PoolDraft>.unread
  private(set) var prices: PricesFile?
  private(set) var holidays: HolidayCalendar?
  private(set) var calls: CallsFile?
  /// By path; what could not be read is missing.
  private(set) var ruleSets: [String: RuleSetDraft] = [:]

  init(_ contents: FolderContents, _ reading: Reading) {
    self.contents = contents
    self.reading = reading
    checkNames()
    programme = page("programme.yaml").map(ProgrammeFile.init)
    sources = page("sources.yaml")?.sources() ?? .unread
    parties = page("parties.yaml")?.parties() ?? .unread
    agreements = page("agreements.yaml").map(AgreementsFile.init)
    fleet = page("fleet.yaml").map(FleetFile.init)
    supply = page("supply.yaml").map(SupplyFile.init)
    pools = page("pools.yaml")?.pools() ?? .unread
    prices = page("prices.yaml").map(PricesFile.init)
    holidays = page("holidays.yaml")?.holidays()
    for folder in ["rules", "what-if"] { readRules(in: folder) }
    calls = page("calls.yaml").map { CallsFile($0, clock: programme?.clock) }
  }

  private func page(_ name: String) -> Value? {
    guard let page = Page(name, contents, reading) else {
      reading.markUnread(name)
      return nil
    }
    return page.value
  }

  private func readRules(in folder: String) {
    for name in contents.names(folder) where FolderFiles.isYaml(name) {
      let path = "\(folder)/\(name)"
      if folder == "rules" { reading.know(.ruleFile, path) }
      guard let value = Page(path, contents, reading)?.value,
        let rules = reading.sound({ value.ruleSet() })
      else { continue }
      ruleSets[path] = rules
      if name != "\(rules.slug).yaml" {
        value.refuse(
          "‘\(rules.slug)’ 규칙의 파일 이름이 다릅니다.",
          "The rule set ‘\(rules.slug)’ stands in a file of another name.",
          hintKo: "파일 이름을 \(rules.slug).yaml로 하십시오.",
          hintEn: "Name the file \(rules.slug).yaml.")
      }
    }
  }

  /// A file that nothing reads is a slip: whoever wrote it believes that it counts.
  private func checkNames() {
    for name in contents.names("") where FolderFiles.isYaml(name) {
      guard !FolderFiles.names.contains(name) else { continue }
      let hint =
        nearest(to: name, in: FolderFiles.names).map(didYouMean)
        ?? Wording(
          ko: "규칙은 rules나 what-if 폴더에 두십시오.",
          en: "Rule sets belong into the folders `rules` and `what-if`.")
      reading.fault(
        Place(file: name),
        Wording(ko: "이 파일은 읽지 않습니다.", en: "Nothing reads this file."), hint: hint)
    }
  }

  private static func isYaml(_ name: String) -> Bool {
    (name.hasSuffix(".yaml") || name.hasSuffix(".yml")) && !name.hasPrefix(".")
  }

  /// The folder, where everything was read and checked.
  func folder(_ algorithms: LedgerAlgorithms) -> ProgrammeFolder? {
    guard
      let charter = programme?.charter(
        hash: algorithms.hash, signature: algorithms.signature),
      let target = programme?.target, let readableDays = programme?.readableDays, let agreements,
      let fleet, let supply, let prices,
      let holidays, let calls
    else { return nil }
    return ProgrammeFolder(
      charter: charter, regions: fleet.regions, target: target,
      readableDays: readableDays, sources: sources.items,
      parties: parties.items, agreements: agreements.agreements,
      commitments: agreements.commitments, models: fleet.models, conversions: fleet.conversions,
      sites: fleet.sites, clusters: fleet.clusters, tranches: supply.tranches,
      lines: supply.lines, maintenance: supply.maintenance,
      pools: PoolChecks.parentsFirst(pools.items), prices: prices.prices,
      charges: prices.charges, holidays: holidays, calls: calls.calls, ruleSets: ruleSets)
  }
}
