import MadangProgramme

/// Awards, allocations, amendments and clusters.
extension Programme {
  func awardAnswer(
    _ read: String, _ values: Values, for caller: Caller, _ prose: Prose
  ) throws(Refusal) -> Answer? {
    switch read {
    case "listAwards":
      let slice = Slice(Array(awards.ids), values)
      return Answer(
        next: slice.next, slice.json { self.json($0) },
        text: { AwardView.table(slice.items, self, $0) })
    case "getAward":
      let id = try known("award", values, awards)
      return Answer(AwardView.json(id, self), text: { AwardView.text(id, self, $0) })
    case "listAmendments":
      let slice = Slice(Array(amendments.ids), values)
      return Answer(
        next: slice.next, slice.json { self.json($0, prose.language) },
        text: { AwardView.amendments(slice.items, self, $0) })
    case "listAllocations": return try allocationsAnswer(values)
    case "getAllocation":
      let id = try known("allocation", values, allocations)
      return Answer(self.json(id), text: { AllocationView.text(id, self, $0) })
    case "listLendings":
      let slice = Slice(Array(lendings.ids), values)
      return Answer(
        next: slice.next, slice.json { self.json($0) },
        text: { AwardView.lendings(slice.items, self, $0) })
    case "listClusters":
      return Answer(self.clustersJSON, text: { ClusterView.list(self, $0) })
    case "listWork": return workAnswer(try known("cluster", values, clusters))
    default: return nil
    }
  }

  private func allocationsAnswer(_ values: Values) throws(Refusal) -> Answer {
    var ids = Array(allocations.ids)
    if values.text("award") != nil {
      let award = try known("award", values, awards)
      ids = ids.filter { allocations[$0].award == award }
    }
    let isDrift = values.text("only") == "drift"
    if isDrift { ids = ids.filter { allocations[$0].isToBeMended } }
    let slice = Slice(ids, values)
    let left = departures(of: slice.items)
    return Answer(
      next: slice.next, slice.json { self.json($0, left: left[$0] ?? []) },
      text: { prose in
        isDrift && slice.total == 0
          ? prose.say(ko: "모두 설정한 대로입니다.", en: "Everything is as it should be.")
          : AllocationView.table(slice.items, self, prose).text
      })
  }
}

extension Allocation {
  /// Found to be otherwise than it should, or not read back yet.
  var isToBeMended: Bool {
    standing != .returned
      && (drift != nil || enforcedGeneration.map { $0 < generation } ?? true)
  }
}
