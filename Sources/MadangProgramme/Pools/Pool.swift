/// A part of the capacity that a rule sets aside for a purpose: a node of the pool tree.
public struct Pool: Hashable, Record {
  public let slug: Slug
  public let name: Bilingual
  public let parent: PoolID?
  /// Of the parent's GPUs. The shares of one parent's children never pass 1.
  public let share: Ratio?
  public let basis: SourceID?

  public init(slug: Slug, name: Bilingual, parent: PoolID?, share: Ratio?, basis: SourceID?) {
    self.slug = slug
    self.name = name
    self.parent = parent
    self.share = share
    self.basis = basis
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("basis", basis)
    writer.field("name", name)
    writer.field("parent", parent)
    writer.field("share", share)
    writer.field("slug", slug)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    basis = try reader.field("basis")
    name = try reader.field("name")
    parent = try reader.field("parent")
    share = try reader.field("share")
    slug = try reader.field("slug")
  }
}
