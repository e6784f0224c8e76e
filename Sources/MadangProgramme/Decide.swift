/// Every decision starts here: a command, against the programme as it is, becomes events or a
/// refusal. Pure: nothing changes until the events are applied.
extension Programme {
  public func decide(_ envelope: Envelope) throws(Refusal) -> [Event] {
    if case .found(let charter) = envelope.command { return [try decideFound(charter)] }
    guard charter != nil else { throw .programme(.notFounded) }
    switch envelope.command {
    case .found: throw .programme(.alreadyFounded)
    case .define(let definition): return try decideDefine(definition, envelope)
    case .recordStep(let line, let step): return [try decideStep(line, step, envelope)]
    case .registerUnits(let line, let units): return [try decideUnits(line, units)]
    case .scheduleMaintenance(let line, let window): return [try decideMaintenance(line, window)]
    case .registerOrganisation(let organisation):
      return [.organisationRegistered(organisations.nextID, organisation)]
    case .submit(let form): return [try decideSubmit(form, envelope)]
    case .revise(let id, let form): return [try decideRevise(id, form, envelope)]
    case .withdraw(let id): return [try decideWithdraw(id)]
    case .judgeEligibility(let id, let rule, let ruleSet):
      return [try decideEligibility(id, rule, ruleSet)]
    case .declareConflict(let id, let reviewer, let ground):
      return [try decideConflict(id, reviewer, ground)]
    case .review(let id, let points): return [try decideReview(id, points, envelope)]
    case .draftRound(let id, let rules, let digest):
      return [try decideDraft(id, rules, digest, envelope)]
    case .returnDraft(let id): return [try decideReturn(id)]
    case .approveRound(let id): return [try decideApprove(id, envelope)]
    case .publishRound(let id): return try decidePublish(id, envelope)
    case .reportResult(let id, let result): return [try decideResult(id, result)]
    case .concludeContract(let id): return try decideConclude(id, envelope)
    case .declineContract(let id): return try decideDecline(id, envelope)
    case .allocate(let id, let cluster, let limit):
      return [try decideAllocate(id, cluster, limit, envelope)]
    case .addMember(let id, let person): return [try decideMember(id, person, added: true)]
    case .removeMember(let id, let person): return [try decideMember(id, person, added: false)]
    case .draftAmendment(let id, let change, let ground):
      return [try decideDraftAmendment(id, change, ground, envelope)]
    case .returnAmendment(let id): return [try decideReturnAmendment(id)]
    case .approveAmendment(let id): return try decideApproveAmendment(id, envelope)
    case .confirmHandover(let id, let assets):
      return [try decideConfirmHandover(id, assets, envelope)]
    case .enrolAgent(let cluster, let algorithm, let key):
      return [try decideEnrol(cluster, algorithm, key)]
    case .revokeAgent(let id): return [try decideRevoke(id)]
    case .offerLending(let terms): return [try decideOfferLending(terms, envelope)]
    case .withdrawLending(let id): return [try decideWithdrawLending(id, envelope)]
    case .concludeLending(let id): return try decideConcludeLending(id, envelope)
    case .endLending(let id): return [try decideEndLending(id, envelope)]
    case .readBack(let observed): return try decideReadBack(observed, envelope)
    case .advance(let to): return try decideAdvance(to, envelope)
    case .sealStatement(let statement): return [try decideSeal(statement, envelope)]
    case .settle(let settling): return [try decideSettle(settling, envelope)]
    }
  }

  /// When a command received at `received` takes effect: programme time never goes back.
  public func time(of received: Instant) -> Instant { max(now, received) }

  /// The civil day on which a command takes effect.
  func today(_ envelope: Envelope) throws(Refusal) -> Day {
    guard let day = charter?.days.day(of: time(of: envelope.received)) else {
      throw .programme(.outsideDays)
    }
    return day
  }

  private func decideFound(_ charter: Charter) throws(Refusal) -> Event {
    guard self.charter == nil else { throw .programme(.alreadyFounded) }
    guard (1...1_000_000).contains(charter.dropBelow) else {
      throw .programme(.outOfRange("dropBelow", value: charter.dropBelow))
    }
    return .founded(charter)
  }
}
