internal import MadangProgramme

/// sources.yaml and parties.yaml: who says so, and who takes part.
extension Value {
  func sources() -> Batch<Source> {
    fields(["sources"])?["sources"]?.list(limit: Limits.folderItemsMax) { $0.source() } ?? .unread
  }

  private func source() -> Source? {
    guard
      let fields = fields(
        ["slug", "title", "publisher", "on"], optional: ["dayKnown", "url", "note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .source)
    let title = fields["title"]?.text()
    let publisher = fields["publisher"]?.label()
    let on = fields["on"]?.day()
    let dayKnown = fields["dayKnown"]?.flag() ?? true
    let url = fields["url"]?.text()
    fields.checkNote()
    guard let slug, let title, let publisher, let on else { return nil }
    if !dayKnown, on.civil.day != 1 {
      fields["on"]?.refuse(
        "‘\(slug)’: 날을 모르면 그달 1일이어야 합니다.",
        "‘\(slug)’: where only the month is known, `on` is its first day.",
        hintKo: "그달 1일로 쓰거나 dayKnown을 지우십시오.",
        hintEn: "Write the first of the month, or leave dayKnown out.")
    }
    return Source(
      slug: slug, title: title, publisher: publisher, on: on, dayKnown: dayKnown, url: url)
  }

  func parties() -> Batch<Party> {
    fields(["parties"])?["parties"]?.list(limit: Limits.folderItemsMax) { $0.party() } ?? .unread
  }

  private func party() -> Party? {
    guard let fields = fields(["slug", "name", "kind"], optional: ["note"]) else { return nil }
    let slug = fields["slug"]?.slug(defining: .party)
    let name = fields["name"]?.bilingualLabel()
    let kind: Party.Kind? = fields["kind"]?.word([
      "ministry": .ministry, "agency": .agency, "institute": .institute, "vendor": .vendor,
      "company": .company, "operator": .operator, "consortium": .consortium,
    ])
    fields.checkNote()
    guard let slug, let name, let kind else { return nil }
    return Party(slug: slug, name: name, kind: kind)
  }
}

extension Limits {
  /// Things of one kind in a folder: far above any programme, far below what would stall a reader.
  static let folderItemsMax = 20_000
}
