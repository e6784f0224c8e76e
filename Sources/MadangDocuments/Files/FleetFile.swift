internal import MadangProgramme

struct ConversionDraft: Sendable {
  let from: Slug
  let to: Slug
  let ratio: Ratio
  let source: Slug

  func resolved(_ names: Names) -> Conversion {
    Conversion(
      from: names.models[from], to: names.models[to], ratio: ratio, source: names.sources[source])
  }
}

struct SiteDraft: Sendable {
  let slug: Slug
  let name: Bilingual
  let operatedBy: Slug
  let region: Slug
  let planned: Bool

  func resolved(_ names: Names) -> Site {
    Site(
      slug: slug, name: name, operatedBy: names.parties[operatedBy], region: region,
      planned: planned)
  }
}

struct ClusterDraft: Sendable {
  let slug: Slug
  let site: Slug
  let model: Slug
  let servers: Int64
  let gpus: ClaimsDraft
  let engine: ClusterEngine?

  func resolved(_ names: Names) -> Cluster {
    Cluster(
      slug: slug, site: names.sites[site], model: names.models[model], servers: servers,
      gpus: gpus.resolved(names))
  }
}

/// fleet.yaml: regions, models, sites, clusters.
struct FleetFile {
  var regions: [Slug: Bilingual] = [:]
  var models: [DeviceModel] = []
  var conversions: [ConversionDraft] = []
  var sites: [SiteDraft] = []
  var clusters: [ClusterDraft] = []

  init(_ value: Value) {
    guard
      let fields = value.fields(["regions", "models", "conversions", "sites", "clusters"])
    else { return }
    func read<Item>(_ key: String, _ item: (Value) -> Item?) -> [Item] {
      fields[key]?.list(limit: Limits.folderItemsMax, item)?.items ?? []
    }
    for (slug, name) in read("regions", FleetFile.region) { regions[slug] = name }
    models = read("models", FleetFile.model)
    conversions = read("conversions", FleetFile.conversion)
    sites = read("sites", FleetFile.site)
    clusters = read("clusters", FleetFile.cluster)
  }

  private static func region(_ value: Value) -> (Slug, Bilingual)? {
    guard let fields = value.fields(["slug", "name"], optional: ["note"]) else { return nil }
    let slug = fields["slug"]?.slug(defining: .region)
    let name = fields["name"]?.bilingualLabel()
    fields.checkNote()
    guard let slug, let name else { return nil }
    return (slug, name)
  }

  private static func model(_ value: Value) -> DeviceModel? {
    guard let fields = value.fields(["slug", "name", "gpusPerServer"], optional: ["note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .model)
    let name = fields["name"]?.label()
    let gpusPerServer = fields["gpusPerServer"]?.integer(1...1_024)
    fields.checkNote()
    guard let slug, let name, let gpusPerServer else { return nil }
    return DeviceModel(slug: slug, name: name, gpusPerServer: gpusPerServer)
  }

  private static func conversion(_ value: Value) -> ConversionDraft? {
    guard let fields = value.fields(["from", "to", "ratio", "source"]) else { return nil }
    let from = fields["from"]?.reference(.model)
    let to = fields["to"]?.reference(.model)
    let ratio = fields["ratio"]?.ratio()
    let source = fields["source"]?.reference(.source)
    guard let from, let to, let ratio, let source else { return nil }
    if from == to || ratio.numerator == 0 {
      value.refuse(
        "‘\(from)’에서 ‘\(to)’(으)로 바꿀 수 없는 비율입니다: \(ratio).",
        "‘\(from)’ cannot count as \(ratio) of ‘\(to)’.",
        hintKo: "서로 다른 두 기종과 0보다 큰 비율을 쓰십시오.",
        hintEn: "Name two models and a ratio above 0.")
    }
    return ConversionDraft(from: from, to: to, ratio: ratio, source: source)
  }

  private static func site(_ value: Value) -> SiteDraft? {
    guard
      let fields = value.fields(
        ["slug", "name", "operator", "region"], optional: ["planned", "note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .site)
    let name = fields["name"]?.bilingualLabel()
    let operatedBy = fields["operator"]?.reference(.party)
    let region = fields["region"]?.reference(.region)
    let planned = fields["planned"]?.flag() ?? false
    fields.checkNote()
    guard let slug, let name, let operatedBy, let region else { return nil }
    return SiteDraft(
      slug: slug, name: name, operatedBy: operatedBy, region: region, planned: planned)
  }

  private static func cluster(_ value: Value) -> ClusterDraft? {
    guard
      let fields = value.fields(
        ["slug", "site", "model", "servers", "gpus"], optional: ["engine", "note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .cluster)
    let site = fields["site"]?.reference(.site)
    let model = fields["model"]?.reference(.model)
    let servers = fields["servers"]?.integer(1...Limits.gpusMax)
    let gpus = fields["gpus"]?.claims()
    let engine = fields["engine"].flatMap(FleetFile.engine)
    fields.checkNote()
    guard let slug, let site, let model, let servers, let gpus else { return nil }
    return ClusterDraft(
      slug: slug, site: site, model: model, servers: servers, gpus: gpus, engine: engine)
  }

  private static func engine(_ value: Value) -> ClusterEngine? {
    guard let fields = value.fields(["kind"], optional: ["simulated"]) else { return nil }
    let kind: EngineKind? = fields["kind"]?.word([
      "handover": .handover, "local": .local, "slurm": .slurm, "kubernetes": .kubernetes,
    ])
    return kind.map { ClusterEngine(kind: $0, simulated: fields["simulated"]?.flag() ?? false) }
  }
}
