internal import MadangProgramme

struct TrackDraft: Sendable {
  let slug: Slug
  let name: Bilingual
  let pool: Slug
  let organisations: [OrganisationForm]
}

struct CallDraft: Sendable {
  let slug: Slug
  let name: Bilingual
  let notice: Slug
  let tracks: [TrackDraft]
  let criteria: [Criterion]
  let rounds: [RoundDraft]

  func resolved(_ names: Names) -> Call {
    Call(slug: slug, name: name, notice: names.sources[notice], criteria: criteria)
  }
}

/// calls.yaml: who may apply for what, when, and how it is judged.
struct CallsFile {
  private let clock: ZoneClock?
  private(set) var calls: [CallDraft] = []

  /// `clock` is nothing where programme.yaml could not be read; moments are then only checked for
  /// their form.
  init(_ value: Value, clock: ZoneClock?) {
    self.clock = clock
    let list = value.fields(["calls"])?["calls"]
    calls = list?.list { call($0) }?.items ?? []
  }

  private func call(_ value: Value) -> CallDraft? {
    guard
      let fields = value.fields(
        ["slug", "name", "notice", "tracks", "criteria", "rounds"], optional: ["note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .call)
    let name = fields["name"]?.bilingualLabel()
    let notice = fields["notice"]?.reference(.source)
    let tracks = fields["tracks"]?.list { track($0, of: slug) }
    let criteria = fields["criteria"]?.list { criterion($0, of: slug) }
    let rounds = fields["rounds"]?.list { item in round(item, of: slug).map { ($0, item) } }
    fields.checkNote()
    if criteria?.complete == true, criteria?.items.isEmpty == true {
      fields["criteria"]?.refuse(
        "평가항목이 없습니다.", "There is no criterion.",
        hintKo: "평가항목을 하나 이상 쓰십시오.", hintEn: "Give one criterion or more.")
    }
    var numbers: Set<Int64> = []
    for (round, item) in rounds?.items ?? [] where !numbers.insert(round.number).inserted {
      item.repeatedItem("number: \(round.number)")
    }
    guard let slug, let name, let notice, let tracks, let criteria, let rounds
    else { return nil }
    return CallDraft(
      slug: slug, name: name, notice: notice, tracks: tracks.items, criteria: criteria.items,
      rounds: rounds.items.map(\.0))
  }

  private func track(_ value: Value, of call: Slug?) -> TrackDraft? {
    guard
      let fields = value.fields(["slug", "name", "pool", "organisations"], optional: ["note"])
    else { return nil }
    let slug = fields["slug"]?.slug()
    if let slug, let place = fields["slug"]?.place {
      // Prices speak of a track by the same word in every call.
      value.reading.know(.track, slug.value)
      if let call { value.reading.define(.trackOf(call: call), slug.value, place) }
    }
    let name = fields["name"]?.bilingualLabel()
    let pool = fields["pool"]?.reference(.pool)
    let forms = fields["organisations"]?.list { $0.organisationForm() }
    fields.checkNote()
    guard let slug, let name, let pool, let forms else { return nil }
    if forms.complete, forms.items.isEmpty || Set(forms.items).count != forms.items.count {
      fields["organisations"]?.refuse(
        "트랙 ‘\(slug)’의 기관 종류를 한 번씩 하나 이상 쓰십시오.",
        "The track ‘\(slug)’ must name one form of organisation or more, each once.",
        hintKo: "[university, institute]처럼 쓰십시오.",
        hintEn: "Write them like [university, institute].")
    }
    return TrackDraft(slug: slug, name: name, pool: pool, organisations: forms.items)
  }

  private func criterion(_ value: Value, of call: Slug?) -> Criterion? {
    guard let fields = value.fields(["slug", "name", "weight"], optional: ["note"])
    else { return nil }
    let slug =
      call.map { fields["slug"]?.slug(defining: .criterionOf(call: $0)) }
      ?? fields["slug"]?.slug()
    let name = fields["name"]?.bilingualLabel()
    let weight = fields["weight"]?.integer(1...Limits.weightMax)
    fields.checkNote()
    guard let slug, let name, let weight else { return nil }
    return Criterion(slug: slug, name: name, weight: weight)
  }

  private func round(_ value: Value, of call: Slug?) -> RoundDraft? {
    guard
      let fields = value.fields(
        [
          "number", "opens", "closes", "period", "acceptWithin", "minimumConfidence", "offers",
          "rules",
        ], optional: ["asksPublicFrom", "published", "synthetic", "note"])
    else { return nil }
    let number = fields["number"]?.integer(1...1_000)
    let opens = fields["opens"]?.instant(clock)
    let closes = fields["closes"]?.instant(clock)
    let period = fields["period"]?.term()
    let acceptance = fields["acceptWithin"]?.acceptance()
    let minimumConfidence = fields["minimumConfidence"]?.confidence()
    let offers = fields["offers"]?.list { $0.offer() }
    let asksPublicFrom = fields["asksPublicFrom"]?.instant(clock)
    let rulesPath = fields["rules"]?.rulesPath()
    let published = fields["published"]?.published(call: call)
    let synthetic = fields["synthetic"]?.synthetic(call: call)
    fields.checkNote()
    if let opens, let closes, opens >= closes {
      fields["closes"]?.refuse(
        "마감이 접수 시작보다 늦지 않습니다.", "The round closes before it opens.",
        hintKo: "closes는 늦은 첫 순간입니다.", hintEn: "`closes` is the first moment too late.")
    }
    guard let number, let opens, let closes, let period, let acceptance, let minimumConfidence,
      let offers, let rulesPath
    else { return nil }
    return RoundDraft(
      number: number, opens: opens, closes: closes, period: period, acceptance: acceptance,
      minimumConfidence: minimumConfidence, offers: offers.items,
      asksPublicFrom: asksPublicFrom, rulesPath: rulesPath,
      published: published, synthetic: synthetic, place: value.place)
  }
}

extension Value {
  fileprivate func organisationForm() -> OrganisationForm? {
    word([
      "university": .university, "institute": .institute, "company": .company,
      "startup": .startup, "public": .public,
    ])
  }

  fileprivate func acceptance() -> Round.Acceptance? {
    guard let fields = fields(["days", "business"]) else { return nil }
    let days = fields["days"]?.integer(1...366)
    let business = fields["business"]?.flag()
    guard let days, let business else { return nil }
    return Round.Acceptance(days: days, business: business)
  }

  fileprivate func offer() -> RoundDraft.Offer? {
    guard let fields = fields(["line", "gpus"]) else { return nil }
    let line = fields["line"]?.lineReference()
    let gpus = fields["gpus"]?.claims()
    guard let line, let gpus else { return nil }
    return RoundDraft.Offer(line: line, gpus: gpus)
  }

  /// A path in the folder's `rules`; it never leads out of the folder, for it names a file that was
  /// listed there.
  fileprivate func rulesPath() -> String? {
    guard let (text, _) = scalar() else { return nil }
    reading.use(.ruleFile, text, place)
    return text
  }
}
