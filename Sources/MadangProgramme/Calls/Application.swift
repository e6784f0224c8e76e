/// Device models an application takes, most wanted first; at most four, no reference.
public struct ModelPreference: Hashable, Sendable {
  private var models: InlineArray<4, Int32>
  public let count: Int

  /// Nothing for none, for more than four, or for one named twice.
  public init?(_ list: [DeviceModelID]) {
    guard (1...Limits.modelPreferencesMax).contains(list.count), Set(list).count == list.count
    else { return nil }
    models = InlineArray(repeating: 0)
    for (index, model) in list.enumerated() { models[index] = model.number }
    count = list.count
  }

  private init() {
    models = InlineArray(repeating: 0)
    count = 0
  }

  /// What is left of an application whose ask was erased.
  static let erased = ModelPreference()

  public subscript(index: Int) -> DeviceModelID { DeviceModelID(Int(models[index])) }

  public var list: [DeviceModelID] { (0..<count).map { self[$0] } }

  public static func == (a: Self, b: Self) -> Bool { a.list == b.list }
  public func hash(into hasher: inout Hasher) { hasher.combine(list) }
}

/// What an application asks for.
public struct Ask: Hashable, Record {
  public let models: [DeviceModelID]
  public let gpus: Int64
  public let term: Term

  public init(models: [DeviceModelID], gpus: Int64, term: Term) {
    self.models = models
    self.gpus = gpus
    self.term = term
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("gpus", gpus)
    writer.field("models", models)
    writer.field("term", term)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    gpus = try reader.field("gpus")
    models = try reader.field("models")
    term = try reader.field("term")
  }
}

/// A filled-in form, as it is submitted. Its texts and attachments stay at the edge: the journal
/// holds their digest, so that nobody can later say that something else was submitted.
public struct ApplicationForm: Hashable, Sendable {
  public let round: RoundID
  public let track: TrackID
  public let organisation: OrganisationID
  public let ask: Ask
  public let content: Digest

  public init(
    round: RoundID, track: TrackID, organisation: OrganisationID, ask: Ask, content: Digest
  ) {
    self.round = round
    self.track = track
    self.organisation = organisation
    self.ask = ask
    self.content = content
  }
}

/// Who applies: the form of organisation and where it is. Its name stays at the edge.
public struct Organisation: Hashable, Record {
  public let form: OrganisationForm
  public let region: Slug
  /// Made from a seed, for a replay: shown as such wherever it is shown.
  public let synthetic: Bool

  public init(form: OrganisationForm, region: Slug, synthetic: Bool) {
    self.form = form
    self.region = region
    self.synthetic = synthetic
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("form", form)
    writer.field("region", region)
    writer.field("synthetic", synthetic)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    form = try reader.field("form")
    region = try reader.field("region")
    synthetic = try reader.field("synthetic")
  }
}

/// An application as the programme holds it. Narrow and without references: pages of these are
/// copied while readers hold a snapshot.
public struct Application: Sendable {
  public enum Standing: UInt8, Sendable {
    case submitted, withdrawn, eligible, ineligible
  }

  public let round: RoundID
  /// Nothing once erased, as `organisation`.
  public var track: TrackID?
  public var organisation: OrganisationID?
  public var gpus: Int64
  public var term: Term
  public var models: ModelPreference
  public var receivedAt: Instant
  public var content: Digest
  public var standing: Standing
  public var synthetic: Bool
  /// Index into the rule set's eligibility rules, where one was broken.
  public var brokenRule: Int8
  /// How often the applicant changed it before closing.
  public var revisions: Int32
  /// Reviews that count, and the sum of weight × points over them and the criteria.
  public var reviewCount: Int32
  public var pointSum: Int64
  /// The newest row of this application in the table of reviews; 0 where there is none.
  var lastReview: Int32
  /// The offer it got when it was selected.
  public var offer: OfferID?
}

/// A reviewer's points for one application, or why the reviewer must not give any.
public struct Review: Sendable {
  public enum Kind: UInt8, Sendable {
    case points, conflict
  }

  /// Nothing once erased.
  public let application: ApplicationID?
  /// Nothing once erased.
  public let reviewer: PersonID?
  public internal(set) var kind: Kind
  /// Sum of weight × points over the criteria.
  public var pointSum: Int64
  /// The row before this one of the same application; 0 ends the chain.
  let previous: Int32
}

/// Why a reviewer stands aside: by law (제척), by challenge (기피), by own wish (회피).
public enum ConflictGround: String, CanonicalWord, Hashable {
  case excluded, challenged, recused
}
