/// One purchase or delivery: who will own it, and which promise it keeps. Its GPUs stand in lines.
public struct Tranche: Hashable, Record {
  public let slug: Slug
  public let name: Bilingual
  public let owner: PartyID
  public let commitment: CommitmentID?
  public let source: SourceID

  public init(
    slug: Slug, name: Bilingual, owner: PartyID, commitment: CommitmentID?, source: SourceID
  ) {
    self.slug = slug
    self.name = name
    self.owner = owner
    self.commitment = commitment
    self.source = source
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("commitment", commitment)
    writer.field("name", name)
    writer.field("owner", owner)
    writer.field("slug", slug)
    writer.field("source", source)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    commitment = try reader.field("commitment")
    name = try reader.field("name")
    owner = try reader.field("owner")
    slug = try reader.field("slug")
    source = try reader.field("source")
  }
}

/// The GPUs of one tranche at one site: one model, one operator, one history.
///
/// Awardable capacity is counted by line, so it is per owner, site and model.
public struct Line: Hashable, Record {
  public let slug: Slug
  public let tranche: TrancheID
  public let site: SiteID
  /// Nothing where the model was not decided or not published.
  public let model: DeviceModelID?
  public let operatedBy: PartyID?
  /// GPUs contracted or promised.
  public let gpus: Claims
  /// GPUs that the operator may use itself as its cost of operation.
  public let operatorShare: Claims?
  /// GPUs kept back to replace failed ones.
  public let spares: Int64

  public init(
    slug: Slug, tranche: TrancheID, site: SiteID, model: DeviceModelID?, operatedBy: PartyID?,
    gpus: Claims, operatorShare: Claims?, spares: Int64
  ) {
    self.slug = slug
    self.tranche = tranche
    self.site = site
    self.model = model
    self.operatedBy = operatedBy
    self.gpus = gpus
    self.operatorShare = operatorShare
    self.spares = spares
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("gpus", gpus)
    writer.field("model", model)
    writer.field("operator", operatedBy)
    writer.field("operatorShare", operatorShare)
    writer.field("site", site)
    writer.field("slug", slug)
    writer.field("spares", spares)
    writer.field("tranche", tranche)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    gpus = try reader.field("gpus")
    model = try reader.field("model")
    operatedBy = try reader.field("operator")
    operatorShare = try reader.field("operatorShare")
    site = try reader.field("site")
    slug = try reader.field("slug")
    spares = try reader.field("spares")
    tranche = try reader.field("tranche")
  }
}

/// How far GPUs have come. Later states include earlier ones: what is in service was delivered.
public enum SupplyState: String, CanonicalWord, Hashable, Comparable {
  case contracted, shipped, delivered, accepted, inService, retired

  var rank: Int {
    switch self {
    case .contracted: 0
    case .shipped: 1
    case .delivered: 2
    case .accepted: 3
    case .inService: 4
    case .retired: 5
    }
  }
  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}

/// `gpus` more of a line reached `state` on a day, on this evidence.
public struct SupplyStep: Hashable, Record {
  public let state: SupplyState
  public let gpus: Int64
  public let on: Day
  public let confidence: Confidence
  public let source: SourceID
  public let evidence: Bilingual?
  /// Foreseen, not yet done.
  public let planned: Bool

  public init(
    state: SupplyState, gpus: Int64, on: Day, confidence: Confidence, source: SourceID,
    evidence: Bilingual?, planned: Bool
  ) {
    self.state = state
    self.gpus = gpus
    self.on = on
    self.confidence = confidence
    self.source = source
    self.evidence = evidence
    self.planned = planned
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("confidence", confidence)
    writer.field("evidence", evidence)
    writer.field("gpus", gpus)
    writer.field("on", on)
    writer.field("planned", planned)
    writer.field("source", source)
    writer.field("state", state)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    confidence = try reader.field("confidence")
    evidence = try reader.field("evidence")
    gpus = try reader.field("gpus")
    on = try reader.field("on")
    planned = try reader.field("planned")
    source = try reader.field("source")
    state = try reader.field("state")
  }
}

/// Servers of a line known one by one, by running serial numbers: `firstSerial` and those after it.
public struct AssetUnits: Hashable, Record {
  public let servers: Int64
  public let firstSerial: Text

  public init(servers: Int64, firstSerial: Text) {
    self.servers = servers
    self.firstSerial = firstSerial
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("firstSerial", firstSerial)
    writer.field("servers", servers)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    firstSerial = try reader.field("firstSerial")
    servers = try reader.field("servers")
  }
}

/// GPUs of a line that cannot be used for some days, known beforehand.
public struct Maintenance: Hashable, Record {
  public let gpus: Int64
  public let term: Term
  public let source: SourceID

  public init(gpus: Int64, term: Term, source: SourceID) {
    self.gpus = gpus
    self.term = term
    self.source = source
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("gpus", gpus)
    writer.field("source", source)
    writer.field("term", term)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    gpus = try reader.field("gpus")
    source = try reader.field("source")
    term = try reader.field("term")
  }
}

/// A line with everything that happened to it, in the order it was recorded.
public struct LineHistory: Hashable, Record {
  public var line: Line
  public var steps: [SupplyStep] = []
  public var units: [AssetUnits] = []
  public var maintenance: [Maintenance] = []

  public init(line: Line) { self.line = line }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("line", line)
    writer.field("maintenance", maintenance)
    writer.field("steps", steps)
    writer.field("units", units)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    line = try reader.field("line")
    maintenance = try reader.field("maintenance")
    steps = try reader.field("steps")
    units = try reader.field("units")
  }
}
