import MadangProgramme

/// Where GPU time went, and what it cost: sums are for everybody, a team's own figures for the team
/// and the office.
extension Programme {
  func usageAnswer(
    _ read: String, _ values: Values, for caller: Caller, _ prose: Prose
  ) throws(Refusal) -> Answer? {
    switch read {
    case "getAccounts": return try accountsAnswer(values, for: caller)
    case "getUsage":
      let by = values.text("by").flatMap { UsageGrouping(rawValue: $0) } ?? .award
      let month = values.text("month").flatMap { Month($0) }
      let rows = UsageView.rows(self, by, month, for: caller, prose)
      return Answer(UsageView.json(rows, by), text: { UsageView.text(rows, by, $0) })
        .noting("usage", by.rawValue)
    case "listSettlements":
      let own = settlements.ids.filter { caller.reads(settlements[$0].award, in: self) }
      let slice = Slice(own, values)
      let due = furtherSettlings
      return Answer(
        next: slice.next, slice.json { self.json($0, due) },
        text: { UsageView.settlements(slice.items, caller.readsOffice ? due : [], self, $0) }
      ).noting("settlements", "all")
    default: return nil
    }
  }

  private func accountsAnswer(_ values: Values, for caller: Caller) throws(Refusal) -> Answer {
    let chosen = values.text("cluster") == nil ? nil : try cluster("cluster", values)
    let month = values.text("month").flatMap { Month($0) }
    var rows: [AccountView.Row] = []
    for id in clusters.ids where chosen.map({ $0 == id }) ?? true {
      let accounts = accounts(of: id)
      for row in accounts.months where month.map({ $0 == row.month }) ?? true {
        rows.append(AccountView.Row(cluster: id, sealed: accounts.lastSealed, month: row))
      }
    }
    let all = rows
    let office = caller.readsOffice
    let unmeasured = clusters.ids.filter { id in
      chosen.map { $0 == id } ?? true && accounts(of: id).lastSealed == nil
    }
    return Answer(
      AccountView.json(all, self, readsOffice: office),
      text: { AccountView.text(all, unmeasured, self, readsOffice: office, $0) })
  }
}
