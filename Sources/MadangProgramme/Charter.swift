/// What a programme is from its first event on: its name, its days, its money, and the algorithms
/// that its ledger is proved with.
public struct Charter: Hashable, Record {
  public let slug: Slug
  public let name: Bilingual
  public let currency: Slug
  /// Amounts are cut down to a multiple of this when settled (Korea: 10 won).
  public let dropBelow: Int64
  public let days: CivilDays
  public let hash: Slug
  public let signature: Slug
  /// Everything here is an exercise: an invented country, or a replay.
  public let exercise: Bool

  public init(
    slug: Slug, name: Bilingual, currency: Slug, dropBelow: Int64, days: CivilDays, hash: Slug,
    signature: Slug, exercise: Bool
  ) {
    self.slug = slug
    self.name = name
    self.currency = currency
    self.dropBelow = dropBelow
    self.days = days
    self.hash = hash
    self.signature = signature
    self.exercise = exercise
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("currency", currency)
    writer.field("days", days)
    writer.field("dropBelow", dropBelow)
    writer.field("exercise", exercise)
    writer.field("hash", hash)
    writer.field("name", name)
    writer.field("signature", signature)
    writer.field("slug", slug)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    currency = try reader.field("currency")
    days = try reader.field("days")
    dropBelow = try reader.field("dropBelow")
    exercise = try reader.field("exercise")
    hash = try reader.field("hash")
    name = try reader.field("name")
    signature = try reader.field("signature")
    slug = try reader.field("slug")
  }

  /// Upcast: before version 2 the algorithms were not named, and were these.
  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    currency = try reader.field("currency")
    days = try reader.field("days")
    dropBelow = try reader.field("dropBelow")
    exercise = try reader.field("exercise")
    name = try reader.field("name")
    slug = try reader.field("slug")
    guard let sha256 = Slug("sha256"), let ed25519 = Slug("ed25519") else {
      throw reader.malformed("algorithm")
    }
    hash = sha256
    signature = ed25519
  }
}
