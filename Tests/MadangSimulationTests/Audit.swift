import MadangProgramme
import MadangTestEngines

/// An audit of what an office kept, from its disk's records and from what the engines truly ran:
/// sums of their own, nothing of the office's.
extension Checks {
  /// GPU-seconds of an allocation's budget.
  private struct Sum: Hashable {
    var granted: Int64 = 0
    var held: Int64 = 0
    var used: Int64 = 0
  }

  /// More than was left may never be held.
  func holds(_ hold: Hold, _ office: Office) {
    holdCount += 1
    if case .budget = office.programme.allocations[hold.allocation].limit {
      ofBudgets.insert(hold.key)
    }
    let sum = sums(office)[hold.allocation] ?? Sum()
    if sum.granted - sum.held - sum.used < hold.amount.count {
      fail("\(hold.key) holds \(hold.amount) of \(sum)")
    }
  }

  /// Balances are what the records add up to.
  func audit(_ office: Office) {
    let sums = sums(office)
    for (id, balance) in office.books.balances.sorted(by: { $0.key < $1.key }) {
      let had = Sum(
        granted: balance.granted.count, held: balance.held.count, used: balance.used.count)
      if had != sums[id] ?? Sum() { fail("\(id) has \(had), and \(sums[id] ?? Sum()) is written") }
    }
  }

  private func sums(_ office: Office) -> [AllocationID: Sum] {
    struct Kept {
      let allocation: AllocationID
      var left: Int64
    }
    var sums: [AllocationID: Sum] = [:]
    var kept: [EngineJob: Kept] = [:]
    var segments: [UsageKey: UsageSegment] = [:]
    for record in office.disk.records {
      for segment in record.usage where segments.updateValue(segment, forKey: segment.key) == nil {
        guard let id = segment.allocation else { continue }
        let seconds = Checks.seconds(segment)
        sums[id, default: Sum()].used += seconds
        guard let hold = kept[segment.key.job], hold.allocation == id else { continue }
        sums[id]?.held -= min(hold.left, seconds)
        kept[segment.key.job]?.left -= min(hold.left, seconds)
      }
      for change in record.changes {
        switch change {
        case .granted(let id, let amount, _): sums[id, default: Sum()].granted += amount.count
        case .held(let hold, _, _, _):
          if kept[hold.key] != nil { fail("\(hold.key) is held twice") }
          kept[hold.key] = Kept(allocation: hold.allocation, left: hold.amount.count)
          sums[hold.allocation, default: Sum()].held += hold.amount.count
        case .ended(let key, _):
          guard let hold = kept[key] else { continue }
          sums[hold.allocation]?.held -= hold.left
          kept[key]?.left = 0
        case .takenBack(let key):
          guard let segment = segments[key], let id = segment.allocation else { continue }
          sums[id]?.used -= Checks.seconds(segment)
        case .observed, .drafted, .confirmed, .unchanged: continue
        }
      }
    }
    return sums
  }

  private static func seconds(_ segment: UsageSegment) -> Int64 {
    Int64(segment.gpus) * (segment.to.seconds - segment.from.seconds)
  }

  /// At the end nothing is held any more, and each budget is what its allocation says.
  func budgets() {
    let office = world.office!
    audit(office)
    var ran: [AllocationID: Int64] = [:]
    for (id, cut) in spans() { if let id { ran[id, default: 0] += cut.seconds } }
    for (id, sum) in sums(office).sorted(by: { $0.key < $1.key }) {
      guard office.known(id) != nil else { continue }
      if sum.held != 0 { fail("\(id) still holds \(sum.held) GPU-seconds") }
      if sum.used != ran[id] ?? 0 { fail("\(id) used \(sum.used), and \(ran[id] ?? 0) ran") }
      var due: Int64 = 0
      if case .budget(let budget) = office.programme.allocations[id].binding { due = budget.count }
      if sum.granted != due { fail("\(id) is granted \(sum.granted) of \(due)") }
    }
  }

  private struct Span {
    let cluster: ClusterID
    let from: Int64
    let to: Int64
    let gpus: Int64
    var seconds: Int64 { gpus * (to - from) }
  }

  /// What truly ran, and what was taken back of it as something that ran less than nothing.
  private func spans() -> [(AllocationID?, Span)] {
    var spans: [(AllocationID?, Span)] = []
    for engine in world.engines {
      for run in engine.runs {
        let span = Span(
          cluster: engine.cluster, from: run.from, to: run.to ?? run.from, gpus: Int64(run.gpus))
        spans.append((run.allocation, span))
      }
    }
    let logs = world.engines.flatMap(\.log)
    for record in world.office.disk.records {
      for case .takenBack(let key) in record.changes {
        guard let segment = logs.first(where: { $0.key == key }) else {
          fail("\(key) was taken back and never metered")
          continue
        }
        let span = Span(
          cluster: key.cluster, from: segment.from.seconds, to: segment.to.seconds,
          gpus: -Int64(segment.gpus))
        spans.append((segment.allocation, span))
      }
    }
    return spans
  }

  // MARK: Statements

  private struct Row: Hashable {
    let account: Account
    let allocation: AllocationID?
  }

  /// Each hour is sealed once, in order; with its corrections it adds up to capacity × time, and
  /// what it says was used is what truly ran in it, second by second.
  func statements() {
    var sealed: [Books.HourKey: [Row: Int64]] = [:]
    var newest: [Books.HourKey: Int32] = [:]
    for body in bodies() {
      let key = Books.HourKey(cluster: body.cluster, hour: body.hour)
      if let corrects = body.corrects {
        correctionCount += 1
        if newest[key] != corrects { fail("\(key) corrects \(corrects), which is not its newest") }
        newest[key] = corrects + 1
      } else {
        sealCount += 1
        if newest.updateValue(0, forKey: key) != nil { fail("\(key) is sealed twice") }
      }
      for row in body.allocations.value ?? [] {
        let place = Row(account: row.account, allocation: row.allocation)
        sealed[key, default: [:]][place, default: 0] += row.seconds.count
      }
      for total in body.accounts {
        let named = (body.allocations.value ?? []).filter { $0.account == total.account }
        let rest = total.seconds.count - named.reduce(0) { $0 + $1.seconds.count }
        sealed[key, default: [:]][Row(account: total.account, allocation: nil), default: 0] += rest
      }
    }
    let spans = spans()
    for (index, cluster) in Base.clusters.enumerated() {
      for hour in [Hour(of: Base.start), Hour(of: Base.start).next] {
        let key = Books.HourKey(cluster: cluster, hour: hour)
        compare(key, sealed[key] ?? [:], spans, gpus: Base.gpus[index])
      }
      months(cluster, sealed)
    }
  }

  /// The statements on the disk, in the order in which they were sealed.
  private func bodies() -> [StatementSealed] {
    world.office.disk.records.flatMap(\.leaves).compactMap { leaf in
      guard let read = try? Leaf(bytes: leaf.bytes, openings: leaf.openings) else {
        fail("a leaf cannot be read")
        return nil
      }
      if case .statementSealed(let body) = read.event { return body }
      return nil
    }
  }

  private func compare(
    _ key: Books.HourKey, _ rows: [Row: Int64], _ spans: [(AllocationID?, Span)], gpus: Int64
  ) {
    let sum = rows.values.reduce(0, +)
    if sum != gpus * Hour.seconds { fail("\(key) adds up to \(sum)") }
    if let low = rows.first(where: { $0.value < 0 }) { fail("\(key): \(low) is less than nothing") }
    var ran: [AllocationID?: Int64] = [:]
    for (id, span) in spans where span.cluster == key.cluster {
      let from = max(span.from, key.hour.start.seconds)
      let to = min(span.to, key.hour.end.seconds)
      if from < to { ran[world.office.known(id), default: 0] += span.gpus * (to - from) }
    }
    // Used or lent: what was metered of a team that another one lends its GPUs.
    var metered: [AllocationID?: Int64] = [:]
    for (row, seconds) in rows where row.account == .used || row.account == .lent {
      metered[row.allocation, default: 0] += seconds
      guard row.account == .lent, seconds != 0 else { continue }
      lentSeconds += seconds
      if row.allocation.flatMap({ world.office.programme.allocations[$0].lending }) == nil {
        fail("\(key): \(row) was lent by nobody")
      }
    }
    for (id, seconds) in metered where seconds != 0 {
      let real = ran.removeValue(forKey: id) ?? 0
      if real != seconds {
        fail("\(key): \(String(describing: id)) was sealed with \(seconds), and \(real) ran")
      }
    }
    for (id, seconds) in ran where seconds != 0 {
      fail("\(key): \(seconds) GPU-seconds of \(String(describing: id)) are in no account")
    }
  }

  /// The programme's own months are the sum of its statements.
  private func months(_ cluster: ClusterID, _ sealed: [Books.HourKey: [Row: Int64]]) {
    var sums: [Account: Int64] = [:]
    for (key, rows) in sealed where key.cluster == cluster {
      for (row, seconds) in rows { sums[row.account, default: 0] += seconds }
    }
    let months = world.office.programme.accounts(of: cluster).months
    for account in Account.allCases {
      let had = months.reduce(0) { $0 + $1[account].count }
      if had != sums[account] ?? 0 { fail("\(cluster) has \(had) in \(account)") }
    }
  }
}
