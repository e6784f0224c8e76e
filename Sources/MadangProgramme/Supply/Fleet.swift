/// A GPU device model: GPUs of one model are interchangeable, of two models only by a conversion.
public struct DeviceModel: Hashable, Record {
  public let slug: Slug
  public let name: Text
  /// GPUs in one server.
  public let gpusPerServer: Int64

  public init(slug: Slug, name: Text, gpusPerServer: Int64) {
    self.slug = slug
    self.name = name
    self.gpusPerServer = gpusPerServer
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("gpusPerServer", gpusPerServer)
    writer.field("name", name)
    writer.field("slug", slug)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    gpusPerServer = try reader.field("gpusPerServer")
    name = try reader.field("name")
    slug = try reader.field("slug")
  }
}

/// One GPU of `from` counts as `ratio` GPUs of `to` (Korea: 1 H100 = 4 A100).
public struct Conversion: Hashable, Record {
  public let from: DeviceModelID
  public let to: DeviceModelID
  public let ratio: Ratio
  public let source: SourceID

  public init(from: DeviceModelID, to: DeviceModelID, ratio: Ratio, source: SourceID) {
    self.from = from
    self.to = to
    self.ratio = ratio
    self.source = source
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("from", from)
    writer.field("ratio", ratio)
    writer.field("source", source)
    writer.field("to", to)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    from = try reader.field("from")
    ratio = try reader.field("ratio")
    source = try reader.field("source")
    to = try reader.field("to")
  }
}

/// A centre: a place where GPUs stand, run by one operator.
public struct Site: Hashable, Record {
  public let slug: Slug
  public let name: Bilingual
  public let operatedBy: PartyID
  public let region: Slug
  /// Not built yet.
  public let planned: Bool

  public init(slug: Slug, name: Bilingual, operatedBy: PartyID, region: Slug, planned: Bool) {
    self.slug = slug
    self.name = name
    self.operatedBy = operatedBy
    self.region = region
    self.planned = planned
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("name", name)
    writer.field("operator", operatedBy)
    writer.field("planned", planned)
    writer.field("region", region)
    writer.field("slug", slug)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    name = try reader.field("name")
    operatedBy = try reader.field("operator")
    planned = try reader.field("planned")
    region = try reader.field("region")
    slug = try reader.field("slug")
  }
}

/// Servers of one model at one site that work together.
public struct Cluster: Hashable, Record {
  public let slug: Slug
  public let site: SiteID
  public let model: DeviceModelID
  public let servers: Int64
  public let gpus: Claims

  public init(slug: Slug, site: SiteID, model: DeviceModelID, servers: Int64, gpus: Claims) {
    self.slug = slug
    self.site = site
    self.model = model
    self.servers = servers
    self.gpus = gpus
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("gpus", gpus)
    writer.field("model", model)
    writer.field("servers", servers)
    writer.field("site", site)
    writer.field("slug", slug)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    gpus = try reader.field("gpus")
    model = try reader.field("model")
    servers = try reader.field("servers")
    site = try reader.field("site")
    slug = try reader.field("slug")
  }
}
