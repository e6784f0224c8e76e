/// Who takes part: a ministry, an agency, a vendor, a company that owns, an operator that runs.
public struct Party: Hashable, Record {
  public enum Kind: String, CanonicalWord, Hashable {
    case ministry, agency, institute, vendor, company, `operator`, consortium
  }

  public let slug: Slug
  public let name: Bilingual
  public let kind: Kind

  public init(slug: Slug, name: Bilingual, kind: Kind) {
    self.slug = slug
    self.name = name
    self.kind = kind
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("kind", kind)
    writer.field("name", name)
    writer.field("slug", slug)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    kind = try reader.field("kind")
    name = try reader.field("name")
    slug = try reader.field("slug")
  }
}

/// A memorandum, an announcement, a contract or a programme that somebody runs for others.
public struct Agreement: Hashable, Record {
  public enum Kind: String, CanonicalWord, Hashable {
    case announcement, memorandum, contract, programme
  }

  public let slug: Slug
  public let name: Bilingual
  public let kind: Kind
  public let on: Day
  public let parties: [PartyID]
  public let source: SourceID

  public init(
    slug: Slug, name: Bilingual, kind: Kind, on: Day, parties: [PartyID], source: SourceID
  ) {
    self.slug = slug
    self.name = name
    self.kind = kind
    self.on = on
    self.parties = parties
    self.source = source
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("kind", kind)
    writer.field("name", name)
    writer.field("on", on)
    writer.field("parties", parties)
    writer.field("slug", slug)
    writer.field("source", source)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    kind = try reader.field("kind")
    name = try reader.field("name")
    on = try reader.field("on")
    parties = try reader.field("parties")
    slug = try reader.field("slug")
    source = try reader.field("source")
  }
}

/// One line of an agreement: who owes what to whom, by when.
public struct Commitment: Hashable, Record {
  /// What a private owner has told us of its own deliveries. A company's figures enter the
  /// programme only by attestations that it chooses to give.
  public enum Attestation: String, CanonicalWord, Hashable {
    /// Not a private line: the programme sees the tranches itself.
    case notNeeded
    case notYetGiven
    case given
  }

  public let slug: Slug
  public let agreement: AgreementID
  public let text: Bilingual
  public let from: PartyID
  public let to: [PartyID]
  /// GPUs promised, where the line is about GPUs.
  public let gpus: Claims?
  public let by: Day?
  public let attestation: Attestation

  public init(
    slug: Slug, agreement: AgreementID, text: Bilingual, from: PartyID, to: [PartyID],
    gpus: Claims?, by: Day?, attestation: Attestation
  ) {
    self.slug = slug
    self.agreement = agreement
    self.text = text
    self.from = from
    self.to = to
    self.gpus = gpus
    self.by = by
    self.attestation = attestation
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("agreement", agreement)
    writer.field("attestation", attestation)
    writer.field("by", by)
    writer.field("from", from)
    writer.field("gpus", gpus)
    writer.field("slug", slug)
    writer.field("text", text)
    writer.field("to", to)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    agreement = try reader.field("agreement")
    attestation = try reader.field("attestation")
    by = try reader.field("by")
    from = try reader.field("from")
    gpus = try reader.field("gpus")
    slug = try reader.field("slug")
    text = try reader.field("text")
    to = try reader.field("to")
  }
}
