internal import MadangProgramme

struct TrancheDraft: Sendable {
  let slug: Slug
  let name: Bilingual
  let owner: Slug
  let commitment: Slug?
  let source: Slug

  func resolved(_ names: Names) -> Tranche {
    Tranche(
      slug: slug, name: name, owner: names.parties[owner],
      commitment: commitment.map { names.commitments[$0] }, source: names.sources[source])
  }
}

struct StepDraft: Sendable {
  let state: SupplyState
  let gpus: Int64
  let on: Day
  let confidence: Confidence
  let source: Slug
  let evidence: Bilingual?
  let planned: Bool
  let place: Place

  func resolved(_ names: Names) -> SupplyStep {
    SupplyStep(
      state: state, gpus: gpus, on: on, confidence: confidence, source: names.sources[source],
      evidence: evidence, planned: planned)
  }
}

struct LineDraft: Sendable {
  let slug: Slug
  let tranche: Slug
  let site: Slug
  let model: Slug?
  let operatedBy: Slug?
  let gpus: ClaimsDraft
  let operatorShare: ClaimsDraft?
  let spares: Int64
  let steps: [StepDraft]
  let units: [Placed<AssetUnits>]
  let place: Place

  func resolved(_ names: Names) -> Line {
    Line(
      slug: slug, tranche: names.tranches[tranche], site: names.sites[site],
      model: model.map { names.models[$0] }, operatedBy: operatedBy.map { names.parties[$0] },
      gpus: gpus.resolved(names), operatorShare: operatorShare?.resolved(names), spares: spares)
  }
}

struct MaintenanceDraft: Sendable {
  let line: Slug
  let gpus: Int64
  let term: Term
  let source: Slug
  let place: Place

  func resolved(_ names: Names) -> Maintenance {
    Maintenance(gpus: gpus, term: term, source: names.sources[source])
  }
}

/// supply.yaml: what was bought, what arrived, what runs.
struct SupplyFile {
  var tranches: [TrancheDraft] = []
  var lines: [LineDraft] = []
  var maintenance: [MaintenanceDraft] = []

  init(_ value: Value) {
    guard let fields = value.fields(["tranches", "maintenance"]) else { return }
    let batch = fields["tranches"]?.list(limit: Limits.folderItemsMax, SupplyFile.tranche)
    for (tranche, lines) in batch?.items ?? [] {
      tranches.append(tranche)
      self.lines += lines
    }
    maintenance =
      fields["maintenance"]?.list(limit: Limits.folderItemsMax, SupplyFile.window)?.items ?? []
  }

  private static func tranche(_ value: Value) -> (TrancheDraft, [LineDraft])? {
    guard
      let fields = value.fields(
        ["slug", "name", "owner", "source", "lines"], optional: ["commitment", "note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .tranche)
    let name = fields["name"]?.bilingualLabel()
    let owner = fields["owner"]?.reference(.party)
    let commitment = fields["commitment"]?.reference(.commitment)
    let source = fields["source"]?.reference(.source)
    fields.checkNote()
    let lines = fields["lines"]?.list { line($0, of: slug) }
    guard let slug, let name, let owner, let source, let lines else { return nil }
    let tranche = TrancheDraft(
      slug: slug, name: name, owner: owner, commitment: commitment, source: source)
    return (tranche, lines.items)
  }

  private static func line(_ value: Value, of tranche: Slug?) -> LineDraft? {
    guard
      let fields = value.fields(
        ["slug", "site", "gpus", "steps"],
        optional: ["model", "operator", "operatorShare", "spares", "units", "note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .line)
    if let slug, let tranche {
      // A repeated short name was reported already.
      value.reading.know(.lineOfTranche, "\(tranche)/\(slug)")
    }
    let site = fields["site"]?.reference(.site)
    let model = fields["model"]?.reference(.model)
    let operatedBy = fields["operator"]?.reference(.party)
    let gpus = fields["gpus"]?.claims()
    let share = fields["operatorShare"]?.claims()
    let spares = fields["spares"].map { $0.integer(0...Limits.gpusMax) } ?? 0
    let steps = fields["steps"]?.list { step($0) }
    let units = fields["units"].map { $0.list { assets($0) } } ?? Batch.none
    fields.checkNote()
    guard let slug, let tranche, let site, let gpus, let spares, let steps, let units
    else { return nil }
    return LineDraft(
      slug: slug, tranche: tranche, site: site, model: model, operatedBy: operatedBy, gpus: gpus,
      operatorShare: share, spares: spares, steps: steps.items, units: units.items,
      place: value.place)
  }

  private static func step(_ value: Value) -> StepDraft? {
    guard
      let fields = value.fields(
        ["state", "gpus", "on", "confidence", "source"], optional: ["evidence", "planned"])
    else { return nil }
    let state: SupplyState? = fields["state"]?.word([
      "contracted": .contracted, "shipped": .shipped, "delivered": .delivered,
      "accepted": .accepted, "inService": .inService, "retired": .retired,
    ])
    let gpus = fields["gpus"]?.integer(1...Limits.gpusMax)
    let on = fields["on"]?.day()
    let confidence = fields["confidence"]?.confidence()
    let source = fields["source"]?.reference(.source)
    let evidence = fields["evidence"]?.bilingual()
    let planned = fields["planned"]?.flag() ?? false
    guard let state, let gpus, let on, let confidence, let source else { return nil }
    return StepDraft(
      state: state, gpus: gpus, on: on, confidence: confidence, source: source,
      evidence: evidence, planned: planned, place: value.place)
  }

  private static func assets(_ value: Value) -> Placed<AssetUnits>? {
    guard let fields = value.fields(["servers", "firstSerial"]) else { return nil }
    let servers = fields["servers"]?.integer(1...Limits.gpusMax)
    let firstSerial = fields["firstSerial"]?.label()
    guard let servers, let firstSerial else { return nil }
    let units = AssetUnits(servers: servers, firstSerial: firstSerial)
    guard units.isSerial else {
      fields["firstSerial"]?.refuse(
        "‘\(firstSerial.value)’은(는) 일련번호가 아닙니다.",
        "‘\(firstSerial.value)’ is no serial number.",
        hintKo: "영문자, 숫자, ‘-._/’만 쓰고 숫자로 끝내십시오.",
        hintEn: "Use letters, digits and ‘-._/’ alone, and end in a number.")
      return nil
    }
    return Placed(value: units, place: value.place)
  }

  private static func window(_ value: Value) -> MaintenanceDraft? {
    guard let fields = value.fields(["line", "gpus", "from", "to", "source"], optional: ["note"])
    else { return nil }
    let line = fields["line"]?.lineReference()
    let gpus = fields["gpus"]?.integer(1...Limits.gpusMax)
    let term = fields.term()
    let source = fields["source"]?.reference(.source)
    fields.checkNote()
    guard let line, let gpus, let term, let source else { return nil }
    return MaintenanceDraft(
      line: line, gpus: gpus, term: term, source: source, place: value.place)
  }
}
