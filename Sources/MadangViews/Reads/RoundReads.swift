public import MadangProgramme

/// Rounds: how they stand, who was selected, and what other rules would have given.
extension Programme {
  func roundAnswer(
    _ read: String, _ values: Values, for caller: Caller, _ prose: Prose
  ) throws(Refusal) -> Answer? {
    switch read {
    case "listRounds":
      return Answer(
        .array(self.rounds.ids.map { self.json($0) }), text: { RoundView.list(self, $0) })
    case "getRound":
      let id = try known("round", values, rounds)
      return Answer(self.json(id), text: { RoundView.text(id, self, $0) })
    case "compareRound": return try comparisonAnswer(values, for: caller)
    case "listSelected":
      let slice = Slice(try publishedFacts(values).selected, values)
      return Answer(next: slice.next, slice.json { self.json($0) })
    case "explainRank":
      let facts = try publishedFacts(values)
      let rank = facts.facts(atRank: Int32(clamping: values.integer("rank") ?? 0))
      return Answer(self.json(rank))
    case "getRanking": return try rankingAnswer(values)
    default: return nil
    }
  }

  /// Before it is published, what a round comes to, or was asked for, is the office's to know.
  private func comparisonAnswer(
    _ values: Values, for caller: Caller
  ) throws(Refusal) -> Answer {
    let id = try known("round", values, rounds)
    let published = rounds[id].published
    guard published != nil || caller.readsOffice else {
      throw .calls(.wrongStage(id, is: rounds[id].stage, needed: .published))
    }
    let comparison = try comparison(of: id, rules: published?.rules ?? rounds[id].round.rules)
    let answer = Answer(
      RoundView.json(comparison, id, self),
      text: { RoundView.text(comparison, id, self, $0) })
    return published == nil ? answer.noting("whatIf", "\(id)") : answer
  }

  private func rankingAnswer(_ values: Values) throws(Refusal) -> Answer {
    let id = try known("round", values, rounds)
    var rows = ranking(of: id)
    switch values.text("only") {
    case "selected": rows = rows.filter(\.isSelected)
    case "reserve": rows = rows.filter { $0.reserve > 0 }
    default: break
    }
    let slice = Slice(rows, values)
    return Answer(
      next: slice.next, slice.json { self.json($0) },
      text: { RoundView.rankingText(slice.items, id, self, $0) }
    ).noting("ranking", "\(id)")
  }

  private func publishedFacts(_ values: Values) throws(Refusal) -> PublicFacts {
    let id = try known("round", values, rounds)
    guard let facts = publicFacts(of: id) else {
      throw .calls(.wrongStage(id, is: rounds[id].stage, needed: .published))
    }
    return facts
  }
}

extension Programme {
  /// What other rules would have given, beside the round's own.
  public func answer(_ whatIf: WhatIf, _ own: RuleSet, _ other: RuleSet) -> Answer {
    Answer(
      RoundView.json(whatIf, other, self),
      text: { RoundView.text(whatIf, own, other, self, $0) })
  }
}
