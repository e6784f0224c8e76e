/// The whole programme as a value: copy it and run it forward, and you have a what-if.
///
/// Changed only by `apply`. Tables are persistent pages, so a copy for readers costs nothing, and a
/// change after it copies a page. Start reading at `Programme.decide`.
public struct Programme: Sendable {
  public internal(set) var charter: Charter?
  /// Programme time: the `at` of the newest event.
  public internal(set) var now = Instant(0)
  /// Up to when time was passed on purpose: until then offers lapsed, terms ended, wipes were
  /// ordered. Anything else that is received moves `now` alone.
  public internal(set) var advancedTo = Instant(0)
  /// Events applied: the number that the next one gets.
  public internal(set) var eventCount: Int64 = 0

  // Agreements
  public internal(set) var sources = PagedTable<SourceKind, Source>()
  public internal(set) var parties = PagedTable<PartyKind, Party>()
  public internal(set) var agreements = PagedTable<AgreementKind, Agreement>()
  public internal(set) var commitments = PagedTable<CommitmentKind, Commitment>()
  public internal(set) var target: Claims?

  // Supply
  public internal(set) var models = PagedTable<DeviceModelKind, DeviceModel>()
  public internal(set) var conversions: [Conversion] = []
  public internal(set) var sites = PagedTable<SiteKind, Site>()
  public internal(set) var clusters = PagedTable<ClusterKind, Cluster>()
  public internal(set) var tranches = PagedTable<TrancheKind, Tranche>()
  public internal(set) var lines = PagedTable<LineKind, LineHistory>()

  // Pools
  public internal(set) var pools = PagedTable<PoolKind, Pool>()
  public internal(set) var prices = PagedTable<PriceKind, Price>()
  public internal(set) var charges = PagedTable<ChargeKind, UserCharge>()
  public internal(set) var calendar = HolidayCalendar.none

  // Calls
  public internal(set) var calls = PagedTable<CallKind, Call>()
  public internal(set) var tracks = PagedTable<TrackKind, Track>()
  public internal(set) var rounds = PagedTable<RoundKind, RoundState>()
  public internal(set) var organisations = PagedTable<OrganisationKind, Organisation>()
  public internal(set) var applications = PagedTable<ApplicationKind, Application>()
  public internal(set) var reviews = PagedTable<ReviewKind, Review>()
  /// Published outcomes, by application; `nil` rows until its round is published.
  public internal(set) var outcomes = PagedTable<ApplicationKind, Ranked?>()

  // Contracts and awards
  public internal(set) var offers = PagedTable<OfferKind, Offer>()
  public internal(set) var contracts = PagedTable<ContractKind, Contract>()
  public internal(set) var awards = PagedTable<AwardKind, Award>()

  // Allocations and what binds them
  public internal(set) var members = PagedTable<MemberKind, Member>()
  public internal(set) var amendments = PagedTable<AmendmentKind, Amendment>()
  public internal(set) var allocations = PagedTable<AllocationKind, Allocation>()
  public internal(set) var departures = PagedTable<DepartureKind, Departure>()
  public internal(set) var lendings = PagedTable<LendingKind, Lending>()
  /// Civil days for which a team may still read what it left once its work has stopped; 0 where the
  /// programme says nothing.
  public internal(set) var readableDays: Int64 = 0
  /// By cluster: one row for each that there is.
  public internal(set) var bindings = PagedTable<ClusterKind, ClusterBinding>()
  public internal(set) var agents = PagedTable<AgentKind, Agent>()
  // Usage
  public internal(set) var clusterAccounts = PagedTable<ClusterKind, ClusterAccounts>()
  public internal(set) var allocationUsage = PagedTable<AllocationKind, AllocationUsage>()
  public internal(set) var settlements = PagedTable<SettlementKind, Settlement>()

  public init() {}
}

/// A round, and how far it has come.
public struct RoundState: Sendable {
  /// Drafted → approved → published; a returned draft goes back to `open`.
  public enum Stage: String, CanonicalWord, Hashable {
    case open, drafted, approved, published
  }

  public var round: Round
  public var stage = Stage.open
  public var draft: RoundDrafted?
  public var drafter: PersonID?
  public var published: RoundPublished?
  public var result: PublishedResult?
  public var applicationCount: Int64 = 0

  init(round: Round) { self.round = round }
}
