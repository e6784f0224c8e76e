/// An application came in, or was changed before closing. What it asks for is the applicant's
/// affair until the programme says otherwise; that it came, and its content's digest, is public.
public struct ApplicationReceived: Hashable, Sendable {
  public let application: ApplicationID
  public let round: RoundID
  public let content: Digest
  public let synthetic: Bool
  public let track: Sealed<TrackID>
  public let organisation: Sealed<OrganisationID>
  public let ask: Sealed<Ask>
  /// From when the ask is public, where the round says so.
  public let asksPublicFrom: Instant?

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("application", application)
    writer.sealed("ask", .party, ask, publicFrom: asksPublicFrom)
    writer.field("asksPublicFrom", asksPublicFrom)
    writer.field("content", content)
    writer.sealed("organisation", .party, organisation)
    writer.field("round", round)
    writer.field("synthetic", synthetic)
    writer.sealed("track", .party, track, publicFrom: asksPublicFrom)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    application = try reader.field("application")
    ask = try reader.sealed("ask", .party)
    asksPublicFrom = try reader.field("asksPublicFrom")
    content = try reader.field("content")
    organisation = try reader.sealed("organisation", .party)
    round = try reader.field("round")
    synthetic = try reader.field("synthetic")
    track = try reader.sealed("track", .party)
  }

  init(_ application: ApplicationID, _ form: ApplicationForm, round: Round, synthetic: Bool) {
    self.application = application
    self.round = form.round
    self.content = form.content
    self.synthetic = synthetic
    track = Sealed(form.track)
    organisation = Sealed(form.organisation)
    ask = Sealed(form.ask)
    asksPublicFrom = round.asksPublicFrom
  }
}

/// Whether an application may take part, as the edge found by the round's eligibility rules.
public struct EligibilityJudged: Hashable, Sendable {
  public let application: ApplicationID
  /// The digest of the rule set that was applied.
  public let ruleSet: Digest
  /// Index of the rule that was broken; −1 for none.
  public let brokenRule: Sealed<Int32>

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("application", application)
    writer.sealed("brokenRule", .party, brokenRule)
    writer.field("ruleSet", ruleSet)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    application = try reader.field("application")
    brokenRule = try reader.sealed("brokenRule", .party)
    ruleSet = try reader.field("ruleSet")
  }

  init(application: ApplicationID, ruleSet: Digest, brokenRule: Int32) {
    self.application = application
    self.ruleSet = ruleSet
    self.brokenRule = Sealed(brokenRule)
  }
}

/// A reviewer may not judge an application. Which one is sealed too: whoever is reviewed was found
/// eligible, and that is not everybody's to know.
public struct ConflictDeclared: Hashable, Sendable {
  public let review: ReviewID
  public let application: Sealed<ApplicationID>
  public let reviewer: Sealed<PersonID>
  public let ground: Sealed<ConflictGround>

  func writeBody(to writer: inout CanonicalWriter) {
    writer.sealed("application", .office, application)
    writer.sealed("ground", .sealed, ground)
    writer.field("review", review)
    writer.sealed("reviewer", .sealed, reviewer)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    application = try reader.sealed("application", .office)
    ground = try reader.sealed("ground", .sealed)
    review = try reader.field("review")
    reviewer = try reader.sealed("reviewer", .sealed)
  }

  init(application: ApplicationID, review: ReviewID, reviewer: PersonID, ground: ConflictGround) {
    self.application = Sealed(application)
    self.review = review
    self.reviewer = Sealed(reviewer)
    self.ground = Sealed(ground)
  }
}

/// A reviewer's points, one per criterion; `review` names a new row or the one it changes. Until
/// the round is published they are the office's: then the applicant is told its outcome.
public struct ReviewRecorded: Hashable, Sendable {
  public let review: ReviewID
  public let application: Sealed<ApplicationID>
  public let points: Sealed<[Int64]>
  public let pointSum: Sealed<Int64>
  public let reviewer: Sealed<PersonID>

  func writeBody(to writer: inout CanonicalWriter) {
    writer.sealed("application", .office, application)
    writer.sealed("pointSum", .office, pointSum)
    writer.sealed("points", .office, points)
    writer.field("review", review)
    writer.sealed("reviewer", .sealed, reviewer)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    application = try reader.sealed("application", .office)
    pointSum = try reader.sealed("pointSum", .office)
    points = try reader.sealed("points", .office)
    review = try reader.field("review")
    reviewer = try reader.sealed("reviewer", .sealed)
  }

  /// The applicant could read them as they came in.
  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    application = try reader.sealed("application", .party)
    pointSum = try reader.sealed("pointSum", .party)
    points = try reader.sealed("points", .party)
    review = try reader.field("review")
    reviewer = try reader.sealed("reviewer", .sealed)
  }

  init(
    application: ApplicationID, review: ReviewID, reviewer: PersonID, points: [Int64],
    pointSum: Int64
  ) {
    self.application = Sealed(application)
    self.review = review
    self.points = Sealed(points)
    self.pointSum = Sealed(pointSum)
    self.reviewer = Sealed(reviewer)
  }
}

/// A decision was drafted: by which rules, on what, by which version of the decider. The outcomes
/// are the office's until they are published.
public struct RoundDrafted: Hashable, Sendable {
  public let round: RoundID
  public let rules: RuleSet
  public let ruleSet: Digest
  /// How many events the decision is based on: those before this one.
  public let inputs: Int64
  public let decider: Int64
  public let lines: [OfferedLine]
  public let closings: Sealed<[PublicFacts.Closing]>
  public let outcomes: Sealed<[Ranked]>
  public let drafter: Sealed<PersonID>
  /// The day of the decision; nothing in version 1, where terms that were over were not asked for.
  public let on: Day?
  /// Days for which GPUs were held after a term; none in version 1.
  public let readableDays: Int64

  func writeBody(to writer: inout CanonicalWriter) {
    writer.sealed("closings", .office, closings)
    writer.field("decider", decider)
    writer.sealed("drafter", .office, drafter)
    writer.field("inputs", inputs)
    writer.field("lines", lines)
    writer.field("on", on)
    writer.sealed("outcomes", .office, outcomes)
    writer.field("readableDays", readableDays)
    writer.field("round", round)
    writer.field("ruleSet", ruleSet)
    writer.field("rules", rules)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    closings = try reader.sealed("closings", .office)
    decider = try reader.field("decider")
    drafter = try reader.sealed("drafter", .office)
    inputs = try reader.field("inputs")
    lines = try reader.field("lines")
    on = try reader.field("on")
    outcomes = try reader.sealed("outcomes", .office)
    readableDays = try reader.field("readableDays")
    round = try reader.field("round")
    ruleSet = try reader.field("ruleSet")
    rules = try reader.field("rules")
  }

  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    closings = try reader.sealed("closings", .office)
    decider = try reader.field("decider")
    drafter = try reader.sealed("drafter", .office)
    inputs = try reader.field("inputs")
    lines = try reader.field("lines")
    on = nil
    outcomes = try reader.sealed("outcomes", .office)
    readableDays = 0
    round = try reader.field("round")
    ruleSet = try reader.field("ruleSet")
    rules = try reader.field("rules")
  }

  init(
    round: RoundID, ruleSet: Digest, inputs: Int64, problem: RoundProblem, decision: Decision,
    drafter: PersonID
  ) {
    self.round = round
    rules = problem.rules
    self.ruleSet = ruleSet
    self.inputs = inputs
    lines = problem.lines
    on = problem.on
    readableDays = problem.readableDays
    decider = Decision.decider
    closings = Sealed(decision.closings)
    outcomes = Sealed(decision.ranking)
    self.drafter = Sealed(drafter)
  }
}

/// The drafted decision was approved (결재) by somebody who did not draft it.
public struct RoundApproved: Hashable, Sendable {
  public let round: RoundID
  public let approver: Sealed<PersonID>

  func writeBody(to writer: inout CanonicalWriter) {
    writer.sealed("approver", .office, approver)
    writer.field("round", round)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    approver = try reader.sealed("approver", .office)
    round = try reader.field("round")
  }

  init(round: RoundID, approver: PersonID) {
    self.round = round
    self.approver = Sealed(approver)
  }
}

/// What everybody may know of the round at once: its rules, capacity, totals and cut-offs.
public struct RoundPublished: Hashable, Sendable {
  /// Of one pool: who was selected, and the lowest score among them.
  public struct CutOff: Hashable, Record {
    public let pool: PoolID
    public let applications: Int64
    public let selected: Int64
    public let gpus: Int64
    public let lowest: Score?

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("applications", applications)
      writer.field("gpus", gpus)
      writer.field("lowest", lowest)
      writer.field("pool", pool)
      writer.field("selected", selected)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      applications = try reader.field("applications")
      gpus = try reader.field("gpus")
      lowest = try reader.field("lowest")
      pool = try reader.field("pool")
      selected = try reader.field("selected")
    }

    public init(pool: PoolID, applications: Int64, selected: Int64, gpus: Int64, lowest: Score?) {
      self.pool = pool
      self.applications = applications
      self.selected = selected
      self.gpus = gpus
      self.lowest = lowest
    }

    var withoutLowest: CutOff {
      CutOff(
        pool: pool, applications: applications, selected: selected, gpus: gpus, lowest: nil)
    }
  }

  public let round: RoundID
  public let rules: RuleSet
  public let ruleSet: Digest
  public let lines: [OfferedLine]
  public let closings: [PublicFacts.Closing]
  public let cutOffs: [CutOff]
  public let reserves: Int64
  /// As they were drafted.
  public let on: Day?
  public let readableDays: Int64

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("closings", closings)
    writer.field("cutOffs", cutOffs)
    writer.field("lines", lines)
    writer.field("on", on)
    writer.field("readableDays", readableDays)
    writer.field("reserves", reserves)
    writer.field("round", round)
    writer.field("ruleSet", ruleSet)
    writer.field("rules", rules)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    closings = try reader.field("closings")
    cutOffs = try reader.field("cutOffs")
    lines = try reader.field("lines")
    on = try reader.field("on")
    readableDays = try reader.field("readableDays")
    reserves = try reader.field("reserves")
    round = try reader.field("round")
    ruleSet = try reader.field("ruleSet")
    rules = try reader.field("rules")
  }

  init(version1From reader: inout CanonicalReader) throws(Malformed) {
    closings = try reader.field("closings")
    cutOffs = try reader.field("cutOffs")
    lines = try reader.field("lines")
    on = nil
    readableDays = 0
    reserves = try reader.field("reserves")
    round = try reader.field("round")
    ruleSet = try reader.field("ruleSet")
    rules = try reader.field("rules")
  }

  init(
    draft: RoundDrafted, closings: [PublicFacts.Closing], cutOffs: [CutOff], reserves: Int64
  ) {
    round = draft.round
    rules = draft.rules
    ruleSet = draft.ruleSet
    lines = draft.lines
    on = draft.on
    readableDays = draft.readableDays
    self.closings = closings
    self.cutOffs = cutOffs
    self.reserves = reserves
  }
}

/// An application was selected: by the ranking, or because somebody before it stepped back.
public struct ApplicationSelected: Hashable, Sendable {
  public let application: ApplicationID
  public let round: RoundID
  public let track: TrackID
  public let pool: PoolID
  public let organisation: OrganisationID
  public let line: LineID
  public let gpus: Int64
  public let term: Term
  public let rank: Int32
  /// 1 within shares, 2 from unused shares, 3 from the reserve list.
  public let pass: Int32
  /// The last day to conclude the contract.
  public let acceptBy: Day
  public let synthetic: Bool

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("acceptBy", acceptBy)
    writer.field("application", application)
    writer.field("gpus", gpus)
    writer.field("line", line)
    writer.field("organisation", organisation)
    writer.field("pass", pass)
    writer.field("pool", pool)
    writer.field("rank", rank)
    writer.field("round", round)
    writer.field("synthetic", synthetic)
    writer.field("term", term)
    writer.field("track", track)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    acceptBy = try reader.field("acceptBy")
    application = try reader.field("application")
    gpus = try reader.field("gpus")
    line = try reader.field("line")
    organisation = try reader.field("organisation")
    pass = try reader.field("pass")
    pool = try reader.field("pool")
    rank = try reader.field("rank")
    round = try reader.field("round")
    synthetic = try reader.field("synthetic")
    term = try reader.field("term")
    track = try reader.field("track")
  }

  init(
    _ id: ApplicationID, _ application: Application, track: TrackID,
    organisation: OrganisationID, pool: PoolID, line: LineID, rank: Int32, pass: Int32,
    acceptBy: Day
  ) {
    self.application = id
    round = application.round
    self.track = track
    self.pool = pool
    self.organisation = organisation
    self.line = line
    gpus = application.gpus
    term = application.term
    self.rank = rank
    self.pass = pass
    self.acceptBy = acceptBy
    synthetic = application.synthetic
  }
}

/// One application's whole outcome, for the one concerned: rank, score, the rule that bound.
public struct OutcomeNotified: Hashable, Sendable {
  public let application: ApplicationID
  public let round: RoundID
  public let outcome: Sealed<Ranked>

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("application", application)
    writer.sealed("outcome", .party, outcome)
    writer.field("round", round)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    application = try reader.field("application")
    outcome = try reader.sealed("outcome", .party)
    round = try reader.field("round")
  }

  init(application: ApplicationID, round: RoundID, outcome: Ranked) {
    self.application = application
    self.round = round
    self.outcome = Sealed(outcome)
  }
}

/// What was published elsewhere about a round that this journal replays.
public struct PublishedResult: Hashable, Record {
  public struct TrackResult: Hashable, Record {
    public let track: TrackID
    public let askedGPUs: Claims?
    public let selectedGPUs: Claims

    public init(track: TrackID, askedGPUs: Claims?, selectedGPUs: Claims) {
      self.track = track
      self.askedGPUs = askedGPUs
      self.selectedGPUs = selectedGPUs
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("askedGPUs", askedGPUs)
      writer.field("selectedGPUs", selectedGPUs)
      writer.field("track", track)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      askedGPUs = try reader.field("askedGPUs")
      selectedGPUs = try reader.field("selectedGPUs")
      track = try reader.field("track")
    }
  }

  public let on: Day
  public let applications: Claims
  public let servers: Claims
  public let gpus: Claims
  public let selectedProjects: Claims
  public let selectedServers: Claims
  public let selectedGPUs: Claims
  public let byTrack: [TrackResult]

  public init(
    on: Day, applications: Claims, servers: Claims, gpus: Claims, selectedProjects: Claims,
    selectedServers: Claims, selectedGPUs: Claims, byTrack: [TrackResult]
  ) {
    self.on = on
    self.applications = applications
    self.servers = servers
    self.gpus = gpus
    self.selectedProjects = selectedProjects
    self.selectedServers = selectedServers
    self.selectedGPUs = selectedGPUs
    self.byTrack = byTrack
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("applications", applications)
    writer.field("byTrack", byTrack)
    writer.field("gpus", gpus)
    writer.field("on", on)
    writer.field("selectedGPUs", selectedGPUs)
    writer.field("selectedProjects", selectedProjects)
    writer.field("selectedServers", selectedServers)
    writer.field("servers", servers)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    applications = try reader.field("applications")
    byTrack = try reader.field("byTrack")
    gpus = try reader.field("gpus")
    on = try reader.field("on")
    selectedGPUs = try reader.field("selectedGPUs")
    selectedProjects = try reader.field("selectedProjects")
    selectedServers = try reader.field("selectedServers")
    servers = try reader.field("servers")
  }
}
