/// What an engine enforces of an award (할당): at one cluster, GPUs of its own or a budget of time.
public struct Allocation: Hashable, Sendable {
  public enum Standing: UInt8, Hashable, Sendable, CaseIterable {
    case live
    /// The team's work stops; its data stays.
    case suspended
    /// Over; what it held is not back yet.
    case ended
    /// What it held is wiped and free again.
    case returned
  }

  public let award: AwardID
  public var cluster: ClusterID
  public var limit: AllocationLimit
  /// What is enforced instead of the limit, for as long as an override stands.
  public var override: AllocationLimit?
  public var term: Term
  public var standing: Standing
  /// The number of the event that last changed what the engine is to enforce.
  public var generation: Int64
  /// The generation that was last read back equal; nothing before the first.
  public var enforcedGeneration: Int64?
  /// The first read-back equal while it was not suspended: since then the team can use it.
  public var firstUse: Instant?
  /// What was found to be otherwise, since when; nothing where the engine holds what it should.
  public var drift: Drift?
  public var driftSince: Instant?
  /// GPUs that the team goes without while the drift lasts.
  public var missingGPUs: Int64
  /// GPU time that the team was entitled to and an outage took.
  public var outage: GPUSeconds
  /// Of a hand-over: the list of servers that the team confirmed.
  public var confirmed: Digest?
  /// The most GPUs of its own that were found in the team's hands at its cluster and are not back;
  /// nothing where it was never found there.
  public var heldGPUs: Int64?
  /// Of one that is over: the first day on which the team may read no more what it left.
  public var readableTo: Day?

  /// GPU time that the limits it had before took out of its award.
  public var spent = GPUSeconds.zero
  /// Since when it has its limit; nothing where it has had it since its first day, or since the
  /// award's clock started.
  public var limitSince: Instant?
  /// The most that budgets before the present one may have let it use, until all work that they let
  /// begin is over and sealed.
  public var promised = GPUSeconds.zero
  /// When the last of that work is over; nothing where no budget became another.
  public var promisedUntil: Instant?

  /// Of its GPUs, those that another team has for a time.
  public var lentGPUs: Int64 = 0
  /// Of what is lent to the team: by which lending.
  public var lending: LendingID?

  /// What the engine should hold: what is lent out it holds as another allocation.
  public var binding: AllocationLimit {
    let whole = override ?? limit
    guard lentGPUs > 0, case .reserved(let gpus) = whole else { return whole }
    return .reserved(gpus: max(0, gpus - lentGPUs))
  }

  /// The most GPUs of its own that it may come to hold: an override ends, a lending too, and its
  /// limit is back. What is lent to it counts as the lender's.
  var mostGPUs: Int64 {
    lending == nil ? max(limit.reservedGPUs, override?.reservedGPUs ?? 0) : 0
  }

  /// An allocation that is to be found at its engine.
  public var isBound: Bool { standing == .live || standing == .suspended }
}

extension Allocation {
  /// One that was just made: it binds only when it was read back.
  init(
    award: AwardID, cluster: ClusterID, limit: AllocationLimit, term: Term, generation: Int64
  ) {
    self.init(
      award: award, cluster: cluster, limit: limit, override: nil, term: term, standing: .live,
      generation: generation, enforcedGeneration: nil, firstUse: nil, drift: nil,
      driftSince: nil, missingGPUs: 0, outage: .zero, confirmed: nil)
  }

  /// It is over: its work stops, and what was found in the team's hands stays readable by rule.
  mutating func end(on day: Day, readableTo: Day) {
    standing = .ended
    self.readableTo = heldGPUs != nil && day < readableTo ? readableTo : nil
    drift = nil
    driftSince = nil
    missingGPUs = 0
  }
}

/// An allocation was made. It binds only when it was read back.
public struct AllocationMade: Hashable, Sendable {
  public let allocation: AllocationID
  public let award: AwardID
  public let cluster: ClusterID
  public let limit: AllocationLimit
  public let term: Term

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("award", award)
    writer.field("cluster", cluster)
    writer.field("limit", limit)
    writer.field("term", term)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    award = try reader.field("award")
    cluster = try reader.field("cluster")
    limit = try reader.field("limit")
    term = try reader.field("term")
  }

  init(
    allocation: AllocationID, award: AwardID, cluster: ClusterID, limit: AllocationLimit,
    term: Term
  ) {
    self.allocation = allocation
    self.award = award
    self.cluster = cluster
    self.limit = limit
    self.term = term
  }
}

/// A team's member may submit jobs and confirm what is handed over. Who it is, the team alone
/// knows.
public struct MemberChanged: Hashable, Sendable {
  public let award: AwardID
  public let member: MemberID
  public let person: Sealed<PersonID>

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("award", award)
    writer.field("member", member)
    writer.sealed("person", .party, person)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    award = try reader.field("award")
    member = try reader.field("member")
    person = try reader.sealed("person", .party)
  }

  init(award: AwardID, member: MemberID, person: PersonID) {
    self.award = award
    self.member = member
    self.person = Sealed(person)
  }
}

/// Somebody of a team; nobody where the person was erased, or left.
public struct Member: Hashable, Sendable {
  public let award: AwardID
  public var person: PersonID?
}
