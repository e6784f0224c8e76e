public import MadangProgramme

/// Who says that GPUs were accepted (검수완료): their owner, for whom the office records it. Whoever
/// delivers or runs them says what came, and no more: what is awardable may rest on it.
extension Caller {
  /// Whether this caller would say so without being the office.
  public func claimsAcceptance(_ operation: Operation, _ values: Values) -> Bool {
    guard operation.id == "recordStep", !has(.officer) else { return false }
    return values.text("state") == "accepted" || values.text("confidence") == "accepted"
  }

  /// What this caller may choose where a field is a choice: nothing that its roles do not say.
  public func choices(
    of field: Field, in operation: Operation, _ values: Values
  ) -> [Field.Choice]? {
    guard case .choice(let all) = field.kind else { return nil }
    return all.filter { choice in
      var chosen = values
      chosen.set(field.name, .text(choice.word))
      return !claimsAcceptance(operation, chosen)
    }
  }
}

/// Nobody reviews, or approves for, their own organisation. What the programme itself knows (the
/// teams of awards) its rules refuse; whose account somebody has, it does not know.
extension Caller {
  /// Why this caller stands aside from a command; nothing where they need not.
  public func interest(in command: Command, _ programme: Programme) -> Refusal? {
    switch command {
    case .review(let id, _):
      guard let row = programme.applications.row(id), concerns(row) else { return nil }
      return .calls(.conflictOfInterest(id))
    case .approveRound(let id):
      return programme.application(of: Set(organisations), in: id)
        .map { .calls(.ownApplication($0)) }
    case .approveAmendment(let id):
      guard let row = programme.amendments.row(id), concerns(row.award, in: programme) else {
        return nil
      }
      return .allocations(.ownAward(row.award))
    default: return nil
    }
  }
}
