public import MadangProgramme

/// A programme's folder, read and found without fault.
///
/// It speaks in short names. Identifiers are the programme's: the same folder gives other commands
/// onto an empty programme than onto one that has some of it.
public struct ProgrammeFolder: Sendable {
  public let charter: Charter
  /// What `region` means, for display.
  public let regions: [Slug: Bilingual]

  let target: ClaimsDraft
  let readableDays: Int64
  let sources: [Source]
  let parties: [Party]
  let agreements: [AgreementDraft]
  let commitments: [CommitmentDraft]
  let models: [DeviceModel]
  let conversions: [ConversionDraft]
  let sites: [SiteDraft]
  let clusters: [ClusterDraft]
  let tranches: [TrancheDraft]
  let lines: [LineDraft]
  let maintenance: [MaintenanceDraft]
  /// Parents stand before their children.
  let pools: [PoolDraft]
  let prices: [PriceDraft]
  let charges: [ChargeDraft]
  let holidays: HolidayCalendar
  let calls: [CallDraft]
  let ruleSets: [String: RuleSetDraft]

  /// The last day on which something is recorded as done. A programme that has not come so far
  /// refuses the folder's steps.
  public var lastRecordedDay: Day? {
    lines.flatMap(\.steps).filter { !$0.planned }.map(\.on).max()
  }

  /// What was published of rounds. Loading a folder does not report it; that is a decision of its
  /// own (`Command.reportResult`).
  public func results(onto programme: Programme = Programme()) -> [(RoundID, PublishedResult)] {
    let names = Names(self, onto: programme)
    return calls.flatMap { call in
      call.rounds.compactMap { round in
        round.published.map {
          (
            names.rounds[RoundName(call: call.slug, number: round.number)],
            $0.resolved(call.slug, names)
          )
        }
      }
    }
  }

  /// What invented applications are made from, for the rounds that have it.
  public func synthetic(onto programme: Programme = Programme()) -> [SyntheticRoundSpec] {
    let names = Names(self, onto: programme)
    return calls.flatMap { call in
      call.rounds.compactMap { round in
        round.synthetic.map { SyntheticRoundSpec($0, round.number, call, names) }
      }
    }
  }
}
