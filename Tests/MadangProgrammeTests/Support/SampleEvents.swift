@testable import MadangProgramme

extension Samples {
  static let round = Round(
    call: CallID(1), number: 1, opens: Instant(1_766_329_200), closes: Instant(1_769_612_400),
    period: term, acceptance: Round.Acceptance(days: 10, business: true),
    minimumConfidence: .announced, offers: [Round.Offer(line: LineID(4), gpus: claims)],
    rules: rules, asksPublicFrom: Instant(1_798_729_200))

  static let form = ApplicationForm(
    round: RoundID(1), track: TrackID(2), organisation: OrganisationID(7),
    ask: Ask(models: [DeviceModelID(2), DeviceModelID(1)], gpus: 64, term: term), content: digest)

  static let step = SupplyStep(
    state: .inService, gpus: 2_040, on: day, confidence: .announced, source: SourceID(3),
    evidence: said, planned: true)

  static let review = ReviewRecorded(
    application: ApplicationID(7), review: ReviewID(12), reviewer: Scenario.person(77),
    points: [90, 85, 0, 100], pointSum: 6_875)

  static let drafted = RoundDrafted(
    round: RoundID(1), ruleSet: digest, inputs: 40,
    problem: RoundProblem(
      period: term, rules: rules, lines: lines, candidates: [], readableDays: 7, on: day),
    decision: Decision(ranking: ranking, closings: closings, visits: 0),
    drafter: Scenario.person(1))

  static let cutOffs = [
    RoundPublished.CutOff(
      pool: PoolID(2), applications: 12, selected: 2, gpus: 128,
      lowest: Score(points: 8_999, scale: 100)),
    RoundPublished.CutOff(pool: PoolID(3), applications: 1, selected: 0, gpus: 0, lowest: nil),
  ]

  static let statement = UsageStatement(
    cluster: ClusterID(3), model: DeviceModelID(1), hour: Hour(of: Instant(492_335 * 3_600)),
    totals: HourTotals(
      capacity: GPUSeconds(14_400),
      rows: [
        AccountRow(account: .used, allocation: AllocationID(4), seconds: GPUSeconds(7_201)),
        AccountRow(account: .used, allocation: nil, seconds: GPUSeconds(3_599)),
        AccountRow(account: .unobserved, allocation: nil, seconds: GPUSeconds(3_600)),
      ], contradicted: GPUSeconds(12)),
    segments: 41, root: digest, corrects: 2)

  static let settled = Settled(
    Settling(
      award: AwardID(3), month: Month(of: day), price: PriceID(1), charge: ChargeID(1),
      discounted: true),
    SettlementID(2), allocations: [AllocationID(4)], seconds: GPUSeconds(7_201), cost: cost,
    amends: (SettlementID(1), total: 200))

  static let cost: SettledCost = {
    guard
      let cost = SettledCost(
        seconds: GPUSeconds(7_201), price: 3_200, unitSeconds: 3_600, rate: Ratio(1, 20) ?? .one,
        discount: Ratio(1, 2), dropBelow: 10)
    else { preconditionFailure("a cost") }
    return cost
  }()

  static let happenings: [Event] = [
    .founded(charter),
    .supplyStepped(LineID(4), step),
    .unitsRegistered(LineID(4), AssetUnits(servers: 255, firstSerial: text)),
    .maintenanceScheduled(LineID(4), Maintenance(gpus: 64, term: term, source: SourceID(3))),
    .organisationRegistered(
      OrganisationID(7),
      Organisation(form: .university, region: slug("honam"), synthetic: true)),
    .applicationSubmitted(
      ApplicationReceived(ApplicationID(7), form, round: round, synthetic: false)),
    .applicationRevised(
      ApplicationReceived(ApplicationID(7), form, round: round, synthetic: false)),
    .applicationWithdrawn(ApplicationID(7)),
    .eligibilityJudged(
      EligibilityJudged(application: ApplicationID(7), ruleSet: digest, brokenRule: -1)),
    .conflictDeclared(
      ConflictDeclared(
        application: ApplicationID(7), review: ReviewID(11), reviewer: Scenario.person(78),
        ground: .challenged)),
    .reviewRecorded(review),
    .reviewRevised(review),
    .roundDrafted(drafted),
    .draftReturned(RoundID(1)),
    .roundApproved(RoundApproved(round: RoundID(1), approver: Scenario.person(2))),
    .roundPublished(
      RoundPublished(draft: drafted, closings: closings, cutOffs: cutOffs, reserves: 3)),
    .applicationSelected(
      ApplicationSelected(
        ApplicationID(7), application, track: TrackID(2), organisation: OrganisationID(7),
        pool: PoolID(2), line: LineID(4), rank: 1, pass: 1, acceptBy: day)),
    .outcomeNotified(
      OutcomeNotified(application: ApplicationID(4), round: RoundID(1), outcome: ranking[3])),
    .resultReported(RoundID(1), published),
    .contractConcluded(
      ContractConcluded(application: ApplicationID(7), contract: ContractID(3), on: day)),
    .contractDeclined(ApplicationID(7)),
    .offerLapsed(ApplicationID(7)),
    .awardGranted(AwardGranted(award: AwardID(3), contract: ContractID(3), offer: offer)),
    .timeAdvanced(Instant(1_772_409_600)),
    .statementSealed(StatementSealed(statement)),
    .settled(settled),
  ]

  static let bindings: [Event] = [
    .awardEnded(
      AwardEnded(award: AwardID(3), on: day, owedDays: 2, readableTo: day.advanced(by: 7))),
    .memberAdded(
      MemberChanged(award: AwardID(3), member: MemberID(5), person: Scenario.person(79))),
    .memberRemoved(
      MemberChanged(award: AwardID(3), member: MemberID(5), person: Scenario.person(79))),
    .amendmentDrafted(
      AmendmentDrafted(
        amendment: AmendmentID(2), award: AwardID(3),
        change: .resize(AllocationID(6), .budget(GPUSeconds(3_600_000))),
        drafter: Scenario.person(1), ground: .teamRequest)),
    .amendmentReturned(AmendmentID(2)),
    .amendmentApproved(
      AmendmentApproved(
        amendment: AmendmentID(2), approver: Scenario.person(2),
        change: .resize(AllocationID(6), .budget(GPUSeconds(3_600_000))), on: day)),
    .allocationMade(
      AllocationMade(
        allocation: AllocationID(6), award: AwardID(3), cluster: ClusterID(1),
        limit: .reserved(gpus: 64), term: term)),
    .allocationReturned(
      AllocationReturned(allocation: AllocationID(6), certificate: digest, on: day)),
    .allocationDeparted(
      AllocationDeparted(
        departure: DepartureID(2), allocation: AllocationID(6), cluster: ClusterID(1),
        limit: .reserved(gpus: 64), gpus: 64, stays: nil, from: day,
        readableTo: day.advanced(by: 7))),
    .wipeOrdered(
      WipeOrdered(
        allocation: AllocationID(6), cluster: ClusterID(1), on: day.advanced(by: 7))),
    .departureReturned(
      DepartureReturned(departure: DepartureID(2), certificate: digest, on: day)),
    .lendingOffered(
      LendingOffered(
        LendingID(2),
        LendingTerms(
          lender: AllocationID(6), award: AwardID(4), gpus: 16, to: day.advanced(by: 30),
          noticeDays: 7), offerer: Scenario.person(79))),
    .lendingWithdrawn(LendingID(2)),
    .lendingConcluded(
      LendingConcluded(
        LendingID(2), allocation: AllocationID(7), term: term, taker: Scenario.person(80))),
    .lendingRecalled(LendingRecalled(LendingID(2), to: day.advanced(by: 9))),
    .lendingEnded(
      LendingEnded(
        LendingID(2), on: day.advanced(by: 9), readableTo: day.advanced(by: 16))),
    .handoverConfirmed(
      HandoverConfirmed(allocation: AllocationID(6), assets: digest, gpus: 64)),
    .bindingEnforced(
      BindingEnforced(allocation: AllocationID(6), generation: 41, outage: GPUSeconds(7_200))),
    .bindingDrifted(
      BindingDrifted(
        allocation: AllocationID(6), drift: .notReady, heldGPUs: 64, missingGPUs: 8,
        outage: .zero)),
    .clockStarted(
      ClockStarted(
        award: AwardID(3), on: day, delayDays: 9, term: term, owedDays: 2,
        budgets: [
          ClockStarted.BudgetCut(allocation: AllocationID(6), budget: GPUSeconds(3_600))
        ])),
    .agentEnrolled(
      AgentEnrolled(
        agent: AgentID(1), algorithm: slug("ed25519"), cluster: ClusterID(1),
        key: Text(assumingValid: "ab01"))),
    .agentRevoked(AgentID(1)),
  ]

  static let definitions: [Definition] = [
    .source(
      SourceID(1),
      Source(slug: slug("s1"), title: text, publisher: text, on: day, dayKnown: true, url: text)),
    .party(PartyID(2), Party(slug: slug("msit"), name: said, kind: .ministry)),
    .agreement(
      AgreementID(1),
      Agreement(
        slug: slug("mou"), name: said, kind: .memorandum, on: day,
        parties: [PartyID(2), PartyID(1)], source: SourceID(1))),
    .commitment(
      CommitmentID(1),
      Commitment(
        slug: slug("public"), agreement: AgreementID(1), text: said, from: PartyID(1),
        to: [PartyID(2)], gpus: claims, by: day, attestation: .notNeeded)),
    .model(DeviceModelID(1), DeviceModel(slug: slug("b200"), name: text, gpusPerServer: 8)),
    .conversions(
      Ratio(4, 1).map {
        [
          Conversion(
            from: DeviceModelID(1), to: DeviceModelID(2), ratio: $0, source: SourceID(1))
        ]
      } ?? []),
    .site(
      SiteID(1),
      Site(
        slug: slug("gwangju"), name: said, operatedBy: PartyID(2), region: slug("honam"),
        planned: true)),
    .cluster(
      ClusterID(1),
      Cluster(
        slug: slug("c1"), site: SiteID(1), model: DeviceModelID(1), servers: 255, gpus: claims)),
    .tranche(
      TrancheID(1),
      Tranche(
        slug: slug("purchase-2025"), name: said, owner: PartyID(2), commitment: CommitmentID(1),
        source: SourceID(1))),
    .line(
      LineID(1),
      Line(
        slug: slug("kakao-b200"), tranche: TrancheID(1), site: SiteID(1), model: DeviceModelID(1),
        operatedBy: PartyID(2), gpus: claims, operatorShare: claims, spares: 16)),
    .pool(
      PoolID(2),
      Pool(
        slug: slug("industry"), name: said, parent: PoolID(1), share: Ratio(3, 10),
        basis: SourceID(1))),
    .price(
      PriceID(1), Price(slug: slug("p1"), model: DeviceModelID(1), amount: 3_200, unit: .gpuHour)),
    .charge(
      ChargeID(1),
      UserCharge(
        slug: slug("industry"), track: slug("industry"), lowest: Ratio(1, 20) ?? .one,
        highest: .one,
        discount: UserCharge.Discount(condition: slug("youth"), rate: Ratio(1, 2) ?? .one),
        source: SourceID(1))),
    .holidays(
      HolidayCalendar(weekend: [5, 6], holidays: [HolidayCalendar.Holiday(day: day, name: said)])),
    .target(claims),
    .readableDays(7),
    .call(
      CallID(1),
      Call(
        slug: slug("advanced-gpu"), name: said, notice: SourceID(1),
        criteria: [Criterion(slug: slug("impact"), name: said, weight: 25)])),
    .track(
      TrackID(2),
      Track(
        slug: slug("industry"), call: CallID(1), name: said, pool: PoolID(2),
        organisations: [.company, .startup])),
    .round(RoundID(1), round),
    .engine(ClusterID(1), ClusterEngine(kind: .handover, simulated: true)),
  ]
}
