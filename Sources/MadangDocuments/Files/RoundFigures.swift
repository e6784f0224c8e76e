internal import MadangProgramme

/// What was published of a round, and what invented applications are made from.
extension Value {
  func published(call: Slug?) -> PublishedDraft? {
    guard
      let fields = fields([
        "on", "applications", "servers", "gpus", "selectedProjects", "selectedServers",
        "selectedGPUs", "byTrack",
      ])
    else { return nil }
    let on = fields["on"]?.day()
    let applications = fields["applications"]?.singleClaim()
    let servers = fields["servers"]?.singleClaim()
    let gpus = fields["gpus"]?.singleClaim()
    let selectedProjects = fields["selectedProjects"]?.singleClaim()
    let selectedServers = fields["selectedServers"]?.singleClaim()
    let selectedGPUs = fields["selectedGPUs"]?.singleClaim()
    let byTrack = fields["byTrack"]?.list { $0.publishedTrack(call: call) }
    guard let on, let applications, let servers, let gpus, let selectedProjects,
      let selectedServers, let selectedGPUs, let byTrack
    else { return nil }
    return PublishedDraft(
      on: on, applications: applications, servers: servers, gpus: gpus,
      selectedProjects: selectedProjects, selectedServers: selectedServers,
      selectedGPUs: selectedGPUs, byTrack: byTrack.items)
  }

  private func publishedTrack(call: Slug?) -> PublishedDraft.Track? {
    guard let fields = fields(["track", "selectedGPUs"], optional: ["askedGPUs"])
    else { return nil }
    let track = fields["track"]?.track(of: call)
    let asked = fields["askedGPUs"]?.singleClaim()
    let selected = fields["selectedGPUs"]?.singleClaim()
    guard let track, let selected else { return nil }
    return PublishedDraft.Track(track: track, askedGPUs: asked, selectedGPUs: selected)
  }

  func synthetic(call: Slug?) -> SyntheticDraft? {
    guard
      let fields = fields([
        "note", "tracks", "regions", "maxServers", "reviewers", "ineligiblePerThousand",
      ])
    else { return nil }
    let note = fields["note"]?.bilingual()
    let tracks = fields["tracks"]?.list { $0.syntheticTrack(call: call) }
    let regions = fields["regions"]?.list { $0.syntheticRegion() }
    let maxServers = fields["maxServers"]?.integer(1...Limits.gpusMax)
    let reviewers = fields["reviewers"]?.integer(1...Int64(Limits.reviewsPerApplicationMax))
    let ineligible = fields["ineligiblePerThousand"]?.integer(0...1_000)
    guard let note, let tracks, let regions, let maxServers, let reviewers, let ineligible
    else { return nil }
    return SyntheticDraft(
      note: note, tracks: tracks.items, regions: regions.items, maxServers: maxServers,
      reviewers: reviewers, ineligiblePerThousand: ineligible)
  }

  private func syntheticTrack(call: Slug?) -> SyntheticDraft.Track? {
    guard
      let fields = fields(
        ["track", "applications", "servers"], optional: ["applicationsPerOrganisation"])
    else { return nil }
    let track = fields["track"]?.track(of: call)
    let applications = fields["applications"]?.integer(0...Int64(Limits.applicationsMax))
    let servers = fields["servers"]?.integer(0...Limits.gpusMax)
    let each =
      fields["applicationsPerOrganisation"].map {
        $0.integer(1...Int64(Limits.applicationsMax))
      } ?? 1
    guard let track, let applications, let servers, let each else { return nil }
    return SyntheticDraft.Track(
      track: track, applications: applications, servers: servers,
      applicationsPerOrganisation: each)
  }

  private func syntheticRegion() -> SyntheticDraft.Region? {
    guard let fields = fields(["region", "share"]) else { return nil }
    let region = fields["region"]?.reference(.region)
    let share = fields["share"]?.ratio()
    guard let region, let share else { return nil }
    return SyntheticDraft.Region(region: region, share: share)
  }

  /// A track of the call that this stands in; of any call where that call has no readable name.
  private func track(of call: Slug?) -> Slug? {
    reference(call.map { Kind.trackOf(call: $0) } ?? .track)
  }
}
