/// What one GPU costs, in whole units of the programme's currency.
public struct Price: Hashable, Record {
  public enum Unit: String, CanonicalWord, Hashable {
    case gpuHour, gpuMonth
  }

  public let slug: Slug
  public let model: DeviceModelID?
  /// Nothing where the price was not published.
  public let amount: Int64?
  public let unit: Unit

  public init(slug: Slug, model: DeviceModelID?, amount: Int64?, unit: Unit) {
    self.slug = slug
    self.model = model
    self.amount = amount
    self.unit = unit
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("amount", amount)
    writer.field("model", model)
    writer.field("slug", slug)
    writer.field("unit", unit)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    amount = try reader.field("amount")
    model = try reader.field("model")
    slug = try reader.field("slug")
    unit = try reader.field("unit")
  }
}

/// What part of the market price a team pays (이용자 부담금), as a range where only that was
/// published, and a further reduction for some.
public struct UserCharge: Hashable, Record {
  public struct Discount: Hashable, Record {
    public let condition: Slug
    /// Taken off what would be paid.
    public let rate: Ratio

    public init(condition: Slug, rate: Ratio) {
      self.condition = condition
      self.rate = rate
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("condition", condition)
      writer.field("rate", rate)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      condition = try reader.field("condition")
      rate = try reader.field("rate")
    }
  }

  public let slug: Slug
  /// The tracks it is for, by slug: the same words in every call.
  public let track: Slug
  public let lowest: Ratio
  public let highest: Ratio
  public let discount: Discount?
  public let source: SourceID

  public init(
    slug: Slug, track: Slug, lowest: Ratio, highest: Ratio, discount: Discount?, source: SourceID
  ) {
    self.slug = slug
    self.track = track
    self.lowest = lowest
    self.highest = highest
    self.discount = discount
    self.source = source
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("discount", discount)
    writer.field("highest", highest)
    writer.field("lowest", lowest)
    writer.field("slug", slug)
    writer.field("source", source)
    writer.field("track", track)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    discount = try reader.field("discount")
    highest = try reader.field("highest")
    lowest = try reader.field("lowest")
    slug = try reader.field("slug")
    source = try reader.field("source")
    track = try reader.field("track")
  }
}
