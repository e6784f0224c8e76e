/// What applications are judged by: one item of the call's notice.
public struct Criterion: Hashable, Record {
  public let slug: Slug
  public let name: Bilingual
  public let weight: Int64

  public init(slug: Slug, name: Bilingual, weight: Int64) {
    self.slug = slug
    self.name = name
    self.weight = weight
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("name", name)
    writer.field("slug", slug)
    writer.field("weight", weight)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    name = try reader.field("name")
    slug = try reader.field("slug")
    weight = try reader.field("weight")
  }
}

/// A published competition. Its rounds have windows, its tracks have pools.
public struct Call: Hashable, Record {
  public let slug: Slug
  public let name: Bilingual
  public let notice: SourceID
  public let criteria: [Criterion]

  public init(slug: Slug, name: Bilingual, notice: SourceID, criteria: [Criterion]) {
    self.slug = slug
    self.name = name
    self.notice = notice
    self.criteria = criteria
  }

  public var weightSum: Int64 { criteria.reduce(0) { $0 + $1.weight } }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("criteria", criteria)
    writer.field("name", name)
    writer.field("notice", notice)
    writer.field("slug", slug)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    criteria = try reader.field("criteria")
    name = try reader.field("name")
    notice = try reader.field("notice")
    slug = try reader.field("slug")
  }
}

/// What an applicant's organisation is.
public enum OrganisationForm: String, CanonicalWord, Hashable {
  case university, institute, company, startup, `public`
}

/// A way into a call: for whom, and from which pool.
public struct Track: Hashable, Record {
  public let slug: Slug
  public let call: CallID
  public let name: Bilingual
  public let pool: PoolID
  public let organisations: [OrganisationForm]

  public init(
    slug: Slug, call: CallID, name: Bilingual, pool: PoolID, organisations: [OrganisationForm]
  ) {
    self.slug = slug
    self.call = call
    self.name = name
    self.pool = pool
    self.organisations = organisations
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("call", call)
    writer.field("name", name)
    writer.field("organisations", organisations)
    writer.field("pool", pool)
    writer.field("slug", slug)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    call = try reader.field("call")
    name = try reader.field("name")
    organisations = try reader.field("organisations")
    pool = try reader.field("pool")
    slug = try reader.field("slug")
  }
}

/// One window of a call (shown as "1차"): when to apply, for which days, on which GPUs, by which
/// rules.
public struct Round: Hashable, Record {
  /// GPUs of one line that this round may award.
  public struct Offer: Hashable, Record {
    public let line: LineID
    public let gpus: Claims

    public init(line: LineID, gpus: Claims) {
      self.line = line
      self.gpus = gpus
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("gpus", gpus)
      writer.field("line", line)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      gpus = try reader.field("gpus")
      line = try reader.field("line")
    }
  }

  /// How long the selected have to conclude the contract.
  public struct Acceptance: Hashable, Record {
    public let days: Int64
    public let business: Bool

    public init(days: Int64, business: Bool) {
      self.days = days
      self.business = business
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("business", business)
      writer.field("days", days)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      business = try reader.field("business")
      days = try reader.field("days")
    }
  }

  public let call: CallID
  public let number: Int64
  public let opens: Instant
  /// The first moment that is too late.
  public let closes: Instant
  public let period: Term
  public let acceptance: Acceptance
  /// Capacity less sure than this is not awarded.
  public let minimumConfidence: Confidence
  public let offers: [Offer]
  public let rules: RuleSet
  /// From when everybody may see what was asked for, where the programme says so.
  public let asksPublicFrom: Instant?

  public init(
    call: CallID, number: Int64, opens: Instant, closes: Instant, period: Term,
    acceptance: Acceptance, minimumConfidence: Confidence, offers: [Offer], rules: RuleSet,
    asksPublicFrom: Instant?
  ) {
    self.call = call
    self.number = number
    self.opens = opens
    self.closes = closes
    self.period = period
    self.acceptance = acceptance
    self.minimumConfidence = minimumConfidence
    self.offers = offers
    self.rules = rules
    self.asksPublicFrom = asksPublicFrom
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("acceptance", acceptance)
    writer.field("asksPublicFrom", asksPublicFrom)
    writer.field("call", call)
    writer.field("closes", closes)
    writer.field("minimumConfidence", minimumConfidence)
    writer.field("number", number)
    writer.field("offers", offers)
    writer.field("opens", opens)
    writer.field("period", period)
    writer.field("rules", rules)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    acceptance = try reader.field("acceptance")
    asksPublicFrom = try reader.field("asksPublicFrom")
    call = try reader.field("call")
    closes = try reader.field("closes")
    minimumConfidence = try reader.field("minimumConfidence")
    number = try reader.field("number")
    offers = try reader.field("offers")
    opens = try reader.field("opens")
    period = try reader.field("period")
    rules = try reader.field("rules")
  }
}
