public import MadangProgramme

/// What invented applications to a round are made from. None of it is anybody's.
public struct SyntheticRoundSpec: Hashable, Sendable {
  public struct Track: Hashable, Sendable {
    public let track: TrackID
    public let applications: Int64
    public let servers: Int64
    public let applicationsPerOrganisation: Int64
    /// The form of the organisations that apply: the first that the track is for.
    public let form: OrganisationForm
  }

  public struct Region: Hashable, Sendable {
    public let region: Slug
    public let share: Ratio
  }

  public let round: RoundID
  public let tracks: [Track]
  /// Their shares make 1.
  public let regions: [Region]
  /// The most servers that one application asks for.
  public let maxServers: Int64
  public let reviewers: Int64
  public let ineligiblePerThousand: Int64
  /// Which part of it was published and which was assumed.
  public let note: Bilingual

  init(_ draft: SyntheticDraft, _ number: Int64, _ call: CallDraft, _ names: Names) {
    round = names.rounds[RoundName(call: call.slug, number: number)]
    tracks = draft.tracks.map { item in
      let form = call.tracks.first { $0.slug == item.track }?.organisations.first
      return Track(
        track: names.tracks[TrackName(call: call.slug, track: item.track)],
        applications: item.applications, servers: item.servers,
        applicationsPerOrganisation: item.applicationsPerOrganisation, form: form ?? .company)
    }
    regions = draft.regions.map { Region(region: $0.region, share: $0.share) }
    maxServers = draft.maxServers
    reviewers = draft.reviewers
    ineligiblePerThousand = draft.ineligiblePerThousand
    note = draft.note
  }
}
