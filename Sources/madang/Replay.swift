import Foundation
import MadangDocuments
import MadangProgramme
import MadangSimulator

/// Replays a folder's first round in the order of its days: definitions, applications, reviews,
/// what came into service meanwhile, the decision, its publication. The clock is the replay's.
struct Replay {
  let folder: ProgrammeFolder
  let office: Office
  let seed: UInt64
  let output: Output
  /// Whether the round is decided too, or left to whoever signs in.
  var decides = true

  /// A command and when it is received.
  private typealias Timed = (received: Instant, by: String, command: Command)

  func run() throws {
    let all = folder.commands()
    guard let spec = folder.synthetic().first else {
      try office.give(all, by: "officer-drafting", at: start(of: nil))
      return
    }
    let roundStart = start(of: spec.round)
    let steps = later(all)
    try office.give(
      all.filter { !Replay.isStep($0) } + steps.filter { $0.received <= roundStart }.map(\.command),
      by: "officer-drafting", at: roundStart)
    let state = office.programme.rounds[spec.round]
    output.remark(
      ko: "가상 신청 \(spec.tracks.reduce(0) { $0 + $1.applications })건을 만듭니다. SEED=\(seed)",
      en:
        "Making \(spec.tracks.reduce(0) { $0 + $1.applications }) synthetic applications. "
        + "SEED=\(seed)"
    )
    let synthetic = SyntheticRound(synthetic(spec, state.round), seed: seed)
    try submit(synthetic, spec.round, state.round)
    try judge(synthetic, spec.round, state.round)
    let result = folder.results().first { $0.0 == spec.round }?.1
    let decided = decisionDay(result, state.round)
    try office.give(
      timed: steps.filter { $0.received > roundStart && $0.received <= decided }.map { step in
        (received: step.received, by: "officer-drafting", command: step.command)
      })
    guard decides else { return }
    try decide(spec.round, state.round.rules, decided, result)
    try office.give(
      timed: steps.filter { $0.received > decided }.map { step in
        (received: step.received, by: "officer-drafting", command: step.command)
      })
  }

  private func submit(_ synthetic: SyntheticRound, _ id: RoundID, _ round: Round) throws {
    let first = office.programme.organisations.count
    try office.give(
      synthetic.organisations.map { .registerOrganisation($0) }, by: "officer-drafting",
      at: round.opens)
    let window = round.closes.seconds - round.opens.seconds
    var timed: [Timed] = []
    for (number, applicant) in synthetic.applicants.enumerated() {
      let content = Office.digest(of: "synthetic application \(number + 1), seed \(seed)")
      let received = Instant(round.opens.seconds + window * Int64(applicant.when) / 1_000_000)
      let form = ApplicationForm(
        round: id, track: applicant.track,
        organisation: OrganisationID(first + applicant.organisation + 1),
        ask: Ask(models: applicant.models, gpus: Int64(applicant.gpus), term: round.period),
        content: content)
      timed.append((received, "applicant-\(applicant.organisation + 1)", .submit(form)))
    }
    try office.give(timed: timed)
  }

  private func judge(_ synthetic: SyntheticRound, _ id: RoundID, _ round: Round) throws {
    let programme = office.programme
    let ruleSet = Office.digest(of: round.rules)
    var timed: [Timed] = []
    var number = 0
    for application in programme.applications.ids {
      let row = programme.applications[application]
      guard row.round == id, let track = row.track else { continue }
      let applicant = synthetic.applicants[number]
      number += 1
      let facts = EligibilityFacts(
        form: programme.organisations[row.organisation ?? OrganisationID(1)].form,
        barred: applicant.barred, owesTaxes: false)
      let broken = round.rules.brokenRule(by: facts, in: programme.tracks[track])
      let index = broken.flatMap { rule in round.rules.eligibility.firstIndex(of: rule) }
      let received = Instant(round.closes.seconds + 86_400)
      timed.append(
        (
          received, "officer-drafting",
          .judgeEligibility(application, brokenRule: index.map { Int32($0) }, ruleSet: ruleSet)
        ))
      guard index == nil else { continue }
      for (reviewer, points) in applicant.points.enumerated() {
        timed.append(
          (
            Instant(received.seconds + 86_400), "reviewer-\(reviewer + 1)",
            .review(application, points: points)
          ))
      }
    }
    try office.give(timed: timed)
  }

  private func decide(
    _ id: RoundID, _ rules: RuleSet, _ at: Instant, _ result: PublishedResult?
  ) throws {
    var timed: [Timed] = [
      (
        at, "officer-drafting", .draftRound(id, rules: rules, ruleSet: Office.digest(of: rules))
      ),
      (Instant(at.seconds + 3_600), "officer-approving", .approveRound(id)),
      (Instant(at.seconds + 7_200), "officer-drafting", .publishRound(id)),
    ]
    if let result {
      timed.append((Instant(at.seconds + 10_800), "officer-drafting", .reportResult(id, result)))
    }
    try office.give(timed: timed)
  }

  /// Nine in the morning of the day the result was published, else of the day before the period.
  private func decisionDay(_ result: PublishedResult?, _ round: Round) -> Instant {
    let day = result?.on ?? round.period.from.advanced(by: -1)
    let start = folder.charter.days.start(of: day) ?? round.closes
    return Instant(max(start.seconds, round.closes.seconds + 3 * 86_400) + 9 * 3_600)
  }

  /// Steps with the moment their day begins, in order of days. What is planned is told with the
  /// step before it, so that the order of the file is kept within a line.
  private func later(_ commands: [Command]) -> [(received: Instant, command: Command)] {
    var newest: [LineID: Instant] = [:]
    let steps = commands.compactMap { command -> (received: Instant, command: Command)? in
      switch command {
      case .recordStep(let line, let step):
        let start = step.planned ? nil : folder.charter.days.start(of: step.on)
        let received = max(start ?? Instant(0), newest[line] ?? Instant(0))
        newest[line] = received
        return (received, command)
      case .registerUnits, .scheduleMaintenance: return (Instant(0), command)
      default: return nil
      }
    }
    return steps.enumerated()
      .sorted { ($0.element.received, $0.offset) < ($1.element.received, $1.offset) }
      .map(\.element)
  }

  private static func isStep(_ command: Command) -> Bool {
    switch command {
    case .recordStep, .registerUnits, .scheduleMaintenance: true
    default: false
    }
  }

  /// A day before the round opens.
  private func start(of round: RoundID?) -> Instant {
    for command in folder.commands() {
      if case .define(.round(let id, let it)) = command, id == round {
        return Instant(it.opens.seconds - 86_400)
      }
    }
    return folder.charter.days.firstStart
  }

  private func synthetic(_ spec: SyntheticRoundSpec, _ round: Round) -> SyntheticRound.Spec {
    let lines = office.programme.lines
    var models: [DeviceModelID] = []
    for offer in round.offers {
      if let model = lines[offer.line].line.model, !models.contains(model) { models.append(model) }
    }
    // Weights in millionths: exact for every share that has at most six decimals, and never an
    // overflow for any other.
    let shared: Int64 = 1_000_000
    return SyntheticRound.Spec(
      tracks: spec.tracks.map { track in
        SyntheticRound.TrackSpec(
          track: track.track, form: track.form, applications: Int(track.applications),
          servers: Int(track.servers),
          applicationsPerOrganisation: Int(track.applicationsPerOrganisation))
      },
      regions: spec.regions.map { ($0.region, Int($0.share.floor(of: shared))) },
      maxServers: Int(spec.maxServers), gpusPerServer: Int(round.rules.unit), models: models,
      reviewers: Int(spec.reviewers),
      criteria: office.programme.calls[round.call].criteria.count,
      ineligiblePerThousand: Int(spec.ineligiblePerThousand))
  }
}
