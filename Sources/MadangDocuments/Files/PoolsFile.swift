internal import MadangProgramme

struct PoolDraft: Sendable {
  let slug: Slug
  let name: Bilingual
  let parent: Slug?
  let share: Ratio?
  let basis: Slug?
  let place: Place

  func resolved(_ names: Names) -> Pool {
    Pool(
      slug: slug, name: name, parent: parent.map { names.pools[$0] }, share: share,
      basis: basis.map { names.sources[$0] })
  }
}

/// pools.yaml: which part of the capacity is for whom.
extension Value {
  func pools() -> Batch<PoolDraft> {
    fields(["pools"])?["pools"]?.list(limit: Limits.folderItemsMax) { $0.pool() } ?? .unread
  }

  private func pool() -> PoolDraft? {
    guard
      let fields = fields(["slug", "name"], optional: ["parent", "share", "basis", "note"])
    else { return nil }
    let slug = fields["slug"]?.slug(defining: .pool)
    let name = fields["name"]?.bilingualLabel()
    let parent = fields["parent"]?.reference(.pool)
    let share = fields["share"]?.ratio()
    let basis = fields["basis"]?.reference(.source)
    fields.checkNote()
    guard let slug, let name else { return nil }
    return PoolDraft(
      slug: slug, name: name, parent: parent, share: share, basis: basis, place: place)
  }
}
