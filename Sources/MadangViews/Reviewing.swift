public import MadangProgramme

/// What one reviewer has to do with the applications of a round.
public struct Reviewing: Sendable {
  /// Eligible, and without this reviewer's points: in order of application.
  public internal(set) var open: [ApplicationID] = []
  public internal(set) var done: [ApplicationID] = []
  /// From which the reviewer stands aside.
  public internal(set) var aside: [ApplicationID] = []
}

extension Programme {
  /// Complexity: O(reviews + applications).
  public func reviewing(_ round: RoundID, by reviewer: PersonID) -> Reviewing {
    var own: [ApplicationID: Review.Kind] = [:]
    reviews.forEach { _, row in
      guard row.reviewer == reviewer, let application = row.application else { return }
      own[application] = row.kind
    }
    var found = Reviewing()
    applications.forEach { id, row in
      guard row.round == round, row.standing == .eligible else { return }
      switch own[id] {
      case nil: found.open.append(id)
      case .points: found.done.append(id)
      case .conflict: found.aside.append(id)
      }
    }
    return found
  }
}
