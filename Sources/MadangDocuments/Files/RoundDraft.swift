internal import MadangProgramme

struct RoundDraft: Sendable {
  struct Offer: Sendable {
    let line: Slug
    let gpus: ClaimsDraft
  }

  let number: Int64
  let opens: Instant
  let closes: Instant
  let period: Term
  let acceptance: Round.Acceptance
  let minimumConfidence: Confidence
  let offers: [Offer]
  /// From when everybody may see what was asked for.
  let asksPublicFrom: Instant?
  /// The path of its rule set.
  let rulesPath: String
  let published: PublishedDraft?
  let synthetic: SyntheticDraft?
  let place: Place

  func resolved(_ call: CallID, _ rules: RuleSet, _ names: Names) -> Round {
    Round(
      call: call, number: number, opens: opens, closes: closes, period: period,
      acceptance: acceptance, minimumConfidence: minimumConfidence,
      offers: offers.map {
        Round.Offer(line: names.lines[$0.line], gpus: $0.gpus.resolved(names))
      },
      rules: rules, asksPublicFrom: asksPublicFrom)
  }
}

struct PublishedDraft: Sendable {
  struct Track: Sendable {
    let track: Slug
    let askedGPUs: ClaimsDraft?
    let selectedGPUs: ClaimsDraft
  }

  let on: Day
  let applications: ClaimsDraft
  let servers: ClaimsDraft
  let gpus: ClaimsDraft
  let selectedProjects: ClaimsDraft
  let selectedServers: ClaimsDraft
  let selectedGPUs: ClaimsDraft
  let byTrack: [Track]

  func resolved(_ call: Slug, _ names: Names) -> PublishedResult {
    PublishedResult(
      on: on, applications: applications.resolved(names), servers: servers.resolved(names),
      gpus: gpus.resolved(names), selectedProjects: selectedProjects.resolved(names),
      selectedServers: selectedServers.resolved(names),
      selectedGPUs: selectedGPUs.resolved(names),
      byTrack: byTrack.map {
        PublishedResult.TrackResult(
          track: names.tracks[TrackName(call: call, track: $0.track)],
          askedGPUs: $0.askedGPUs?.resolved(names), selectedGPUs: $0.selectedGPUs.resolved(names))
      })
  }
}

struct SyntheticDraft: Sendable {
  struct Track: Sendable {
    let track: Slug
    let applications: Int64
    let servers: Int64
    let applicationsPerOrganisation: Int64
  }

  struct Region: Sendable {
    let region: Slug
    let share: Ratio
  }

  let note: Bilingual
  let tracks: [Track]
  let regions: [Region]
  let maxServers: Int64
  let reviewers: Int64
  let ineligiblePerThousand: Int64
}
