/// What somebody asks of the programme. Decided against it by a pure function into events or a
/// refusal; nothing else changes it.
public enum Command: Sendable {
  case found(Charter)
  case define(Definition)
  case recordStep(LineID, SupplyStep)
  case registerUnits(LineID, AssetUnits)
  case scheduleMaintenance(LineID, Maintenance)
  case registerOrganisation(Organisation)
  case submit(ApplicationForm)
  /// Changes an application before its round closes.
  case revise(ApplicationID, ApplicationForm)
  case withdraw(ApplicationID)
  /// The verdict of the round's eligibility rules, run where the facts are: the index of the rule
  /// that was broken, or nothing; and the digest of the rule set.
  case judgeEligibility(ApplicationID, brokenRule: Int32?, ruleSet: Digest)
  /// The one who gives this command, or on whose behalf the office gives it, must not judge.
  case declareConflict(ApplicationID, reviewer: PersonID, ConflictGround)
  /// Points per criterion, in the order of the call; a second review of the same reviewer changes
  /// the first.
  case review(ApplicationID, points: [Int64])
  /// Decides a round by `rules`, whose digest the shell computed.
  case draftRound(RoundID, rules: RuleSet, ruleSet: Digest)
  case returnDraft(RoundID)
  case approveRound(RoundID)
  case publishRound(RoundID)
  case reportResult(RoundID, PublishedResult)
  case concludeContract(ApplicationID)
  case declineContract(ApplicationID)
  /// An allocation of an award at a cluster: it lasts as long as the award.
  case allocate(AwardID, ClusterID, AllocationLimit)
  case addMember(AwardID, PersonID)
  case removeMember(AwardID, PersonID)
  case draftAmendment(AwardID, AmendmentChange, AmendmentGround)
  case returnAmendment(AmendmentID)
  case approveAmendment(AmendmentID)
  /// The team has the servers of this list, by its digest.
  case confirmHandover(AllocationID, assets: Digest)
  /// Whoever holds this key speaks for a cluster: hexadecimal digits of the public key.
  case enrolAgent(ClusterID, algorithm: Slug, key: Text)
  case revokeAgent(AgentID)
  /// A member of a team lends another team GPUs of an allocation for a time.
  case offerLending(LendingTerms)
  case withdrawLending(LendingID)
  /// A member of the other team takes the offer.
  case concludeLending(LendingID)
  /// Asked back by whoever lends, with notice; given back by whoever borrows, at once.
  case endLending(LendingID)
  /// What an engine was found to enforce: recorded only where it changed.
  case readBack(ObservedState)
  /// Time passes: offers whose last day is over lapse, and the reserve list moves up.
  case advance(Instant)
  case sealStatement(UsageStatement)
  case settle(Settling)
}

/// A command with who gave it and when the server received it.
public struct Envelope: Sendable {
  public let by: PersonID
  public let received: Instant
  public let command: Command

  public init(by: PersonID, received: Instant, command: Command) {
    self.by = by
    self.received = received
    self.command = command
  }
}
