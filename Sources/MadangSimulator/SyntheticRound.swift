public import MadangProgramme

/// Applicants made from a seed to published totals, for a replay of a round whose real applications
/// are not public. Everything that was not published is drawn here by plain rules, none of them
/// fitted to a result:
///
/// - sizes: each application has one server, and each further server of its track goes to an
///   application with a chance in proportion to what it has already (few large, many small);
/// - models: a third want only the first model offered, a third only the second, a third either;
/// - quality: uniform in 40 ... 95 points; each reviewer gives it ± 10 on every criterion;
/// - when: anywhere in the window, uniformly.
public struct SyntheticRound: Sendable {
  public struct TrackSpec: Sendable {
    public let track: TrackID
    public let form: OrganisationForm
    public let applications: Int
    public let servers: Int
    public let applicationsPerOrganisation: Int

    public init(
      track: TrackID, form: OrganisationForm, applications: Int, servers: Int,
      applicationsPerOrganisation: Int
    ) {
      self.track = track
      self.form = form
      self.applications = applications
      self.servers = servers
      self.applicationsPerOrganisation = applicationsPerOrganisation
    }
  }

  public struct Spec: Sendable {
    public let tracks: [TrackSpec]
    /// Regions with weights.
    public let regions: [(region: Slug, weight: Int)]
    public let maxServers: Int
    public let gpusPerServer: Int
    public let models: [DeviceModelID]
    public let reviewers: Int
    public let criteria: Int
    public let ineligiblePerThousand: Int

    public init(
      tracks: [TrackSpec], regions: [(region: Slug, weight: Int)], maxServers: Int,
      gpusPerServer: Int, models: [DeviceModelID], reviewers: Int, criteria: Int,
      ineligiblePerThousand: Int
    ) {
      self.tracks = tracks
      self.regions = regions
      self.maxServers = maxServers
      self.gpusPerServer = gpusPerServer
      self.models = models
      self.reviewers = reviewers
      self.criteria = criteria
      self.ineligiblePerThousand = ineligiblePerThousand
    }
  }

  public struct Applicant: Sendable {
    public let track: TrackID
    /// Index into `organisations`.
    public let organisation: Int
    public let gpus: Int
    public let models: [DeviceModelID]
    public let barred: Bool
    /// Where in the window it comes in, in millionths.
    public let when: Int
    /// Per reviewer, points per criterion.
    public let points: [[Int64]]
  }

  public let organisations: [Organisation]
  /// In the order they come in.
  public let applicants: [Applicant]

  /// Complexity: O(servers × applications) for the sizes; a round has some thousands.
  public init(_ spec: Spec, seed: UInt64) {
    let root = SeededGenerator(seed: seed)
    var organisations: [Organisation] = []
    var applicants: [Applicant] = []
    for (index, track) in spec.tracks.enumerated() {
      var sizes = root.child("sizes", index)
      var people = root.child("organisations", index)
      var wishes = root.child("models", index)
      var judged = root.child("points", index)
      let servers = SyntheticRound.sizes(track, spec.maxServers, &sizes)
      for (number, count) in servers.enumerated() {
        if number % track.applicationsPerOrganisation == 0 {
          organisations.append(
            Organisation(
              form: track.form, region: SyntheticRound.region(spec, &people), synthetic: true))
        }
        applicants.append(
          Applicant(
            track: track.track, organisation: organisations.count - 1,
            gpus: count * spec.gpusPerServer, models: SyntheticRound.models(spec, &wishes),
            barred: people.draw(0...999) < spec.ineligiblePerThousand,
            when: people.draw(0...999_999), points: SyntheticRound.points(spec, &judged)))
      }
    }
    self.organisations = organisations
    self.applicants = applicants.enumerated()
      .sorted { ($0.element.when, $0.offset) < ($1.element.when, $1.offset) }
      .map(\.element)
  }

  private static func sizes(
    _ track: TrackSpec, _ maximum: Int, _ generator: inout SeededGenerator
  ) -> [Int] {
    precondition(
      track.applications > 0 && track.servers >= track.applications
        && track.servers <= track.applications * maximum, "the totals fit the applications")
    var sizes = Array(repeating: 1, count: track.applications)
    var open = track.applications
    for _ in track.applications..<track.servers {
      // A ticket for each server of an application that may still grow.
      let tickets = sizes.reduce(0) { $1 < maximum ? $0 + $1 : $0 }
      precondition(open > 0, "somebody can still grow")
      var ticket = generator.draw(1...tickets)
      for index in sizes.indices where sizes[index] < maximum {
        ticket -= sizes[index]
        if ticket <= 0 {
          sizes[index] += 1
          if sizes[index] == maximum { open -= 1 }
          break
        }
      }
    }
    return sizes
  }

  private static func region(_ spec: Spec, _ generator: inout SeededGenerator) -> Slug {
    let total = spec.regions.reduce(0) { $0 + $1.weight }
    var ticket = generator.draw(1...total)
    for (region, weight) in spec.regions {
      ticket -= weight
      if ticket <= 0 { return region }
    }
    preconditionFailure("the weights add up to the total")
  }

  private static func models(
    _ spec: Spec, _ generator: inout SeededGenerator
  ) -> [DeviceModelID] {
    guard spec.models.count > 1 else { return spec.models }
    switch generator.draw(0...5) {
    case 0, 1: return [spec.models[0]]
    case 2, 3: return [spec.models[1]]
    case 4: return [spec.models[0], spec.models[1]]
    default: return [spec.models[1], spec.models[0]]
    }
  }

  private static func points(_ spec: Spec, _ generator: inout SeededGenerator) -> [[Int64]] {
    let quality = generator.draw(40...95)
    return (0..<spec.reviewers).map { _ in
      (0..<spec.criteria).map { _ in
        Int64(min(100, max(0, quality + generator.draw(-10...10))))
      }
    }
  }
}
