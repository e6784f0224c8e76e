import MadangProgramme

/// Applications and offers: everybody sees what is public of them, the one concerned its own, and
/// the office all.
extension Programme {
  func applicationAnswer(
    _ read: String, _ values: Values, for caller: Caller, _ prose: Prose
  ) throws(Refusal) -> Answer? {
    switch read {
    case "listApplications": return try applicationsAnswer(values, for: caller)
    case "getApplication":
      let id = try known("application", values, applications)
      guard caller.reads(applications[id]) else {
        return Answer(self.publicJSON(id), text: { ApplicationView.publicText(id, self, $0) })
      }
      return Answer(self.json(id), text: { ApplicationView.text(id, self, $0) })
        .noting("application", "\(id)")
    case "explainApplication": return try whyAnswer(values, prose)
    case "listOffers":
      let slice = Slice(Array(offers.ids), values)
      return Answer(
        next: slice.next, slice.json { self.json($0) },
        text: { OfferView.table(slice.items, self, $0) })
    default: return nil
    }
  }

  private func applicationsAnswer(
    _ values: Values, for caller: Caller
  ) throws(Refusal) -> Answer {
    let round = try known("round", values, rounds)
    let slice = Slice(applications.ids.filter { applications[$0].round == round }, values)
    let answer = Answer(
      next: slice.next,
      slice.json { id in
        caller.reads(self.applications[id]) ? self.json(id) : self.publicJSON(id)
      },
      text: { ApplicationView.table(slice.items, self, for: caller, $0) })
    let seesMore = slice.items.contains { caller.reads(applications[$0]) }
    return seesMore ? answer.noting("applications", "\(round)") : answer
  }

  private func whyAnswer(_ values: Values, _ prose: Prose) throws(Refusal) -> Answer {
    let id = try known("application", values, applications)
    let round = applications[id].round
    guard let ranked = outcomes.row(id) ?? nil, let facts = publicFacts(of: round) else {
      throw .calls(.wrongStage(round, is: rounds[round].stage, needed: .published))
    }
    let why = ApplicationView.Why(id, ranked, facts, self)
    return Answer(why.json(self, prose), text: { why.text(self, $0) }).noting("why", "\(id)")
  }
}
