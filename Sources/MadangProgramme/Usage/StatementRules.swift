/// Rules of statements: hours are sealed in order and once, each adds up to capacity × time, and a
/// correction names the newest statement of its hour and moves nothing in or out.
extension Programme {
  /// Rows of one statement: so many of the largest number still add up within 2⁵³ − 1.
  static let statementRowsMax = 200_000

  func decideSeal(_ statement: UsageStatement, _ envelope: Envelope) throws(Refusal) -> Event {
    try exists(statement.cluster, clusters)
    let model = clusters[statement.cluster].model
    guard statement.model == model else {
      throw .usage(.otherModel(statement.model, cluster: statement.cluster))
    }
    let hour = statement.hour
    guard hour.end <= envelope.received else { throw .usage(.hourNotOver(hour)) }
    guard let days = charter?.days, let month = days.month(of: hour) else {
      throw .programme(.outsideDays)
    }
    let accounts = accounts(of: statement.cluster)
    if let corrects = statement.corrects {
      guard accounts.isSealed(hour) else { throw .usage(.hourMissing(hour)) }
      let newest = accounts.newest(hour)
      guard corrects == newest else {
        throw .usage(.correctsAnother(hour, newest: newest))
      }
    } else if let last = accounts.lastSealed {
      if let first = accounts.firstSealed, hour < first {
        throw .usage(.beforeTheFirst(hour, first: first))
      }
      guard hour > last else { throw .usage(.alreadySealed(hour)) }
      let next = days.hour(from: last.end)
      guard hour == next else { throw .usage(.hourMissing(next ?? last.next)) }
    } else {
      let first = days.hour(of: hour.start)
      guard hour == first else { throw .usage(.hourMissing(first ?? hour)) }
    }
    try checkSum(statement)
    try checkRows(statement, month)
    return .statementSealed(StatementSealed(statement))
  }

  /// The accounts of a cluster; without entries where it has none yet.
  public func accounts(of cluster: ClusterID) -> ClusterAccounts {
    clusterAccounts.row(cluster) ?? ClusterAccounts()
  }

  /// What was sealed in an allocation's name.
  public func usage(of allocation: AllocationID) -> AllocationUsage {
    allocationUsage.row(allocation) ?? AllocationUsage()
  }

  /// Capacity × time of an hour: the GPUs that the programme had at the cluster.
  public func capacity(of cluster: ClusterID, in hour: Hour) -> GPUSeconds {
    GPUSeconds(accounts(of: cluster).gpus.integral(from: hour.start, to: hour.end))
  }

  private func checkSum(_ statement: UsageStatement) throws(Refusal) {
    let capacity =
      statement.corrects == nil
      ? self.capacity(of: statement.cluster, in: statement.hour) : GPUSeconds.zero
    // Int128, so that no rows at all can overflow it.
    let sum = statement.totals.rows.reduce(Int128(0)) { $0 + Int128($1.seconds.count) }
    guard sum == Int128(capacity.count), statement.totals.capacity == capacity else {
      let most = Int128(Limits.integerMax)
      let rows = GPUSeconds(Int64(max(-most, min(sum, most))))
      throw .usage(.wrongSum(statement.hour, rows: rows, capacity: capacity))
    }
  }

  /// In order, each account and allocation once, and nothing that would make a total negative.
  private func checkRows(_ statement: UsageStatement, _ month: Month) throws(Refusal) {
    let rows = statement.totals.rows
    guard rows.count <= Programme.statementRowsMax else {
      throw .usage(.badRows(statement.hour))
    }
    let isCorrection = statement.corrects != nil
    let cluster = accounts(of: statement.cluster).month(month)
    var before: AccountRow?
    for row in rows {
      if let before, !AccountRow.precedes(before, row) {
        throw .usage(.badRows(statement.hour))
      }
      before = row
      guard row.seconds != .zero, isCorrection || row.seconds > .zero,
        abs(row.seconds.count) <= Limits.gpusMax * Hour.seconds
      else {
        throw .usage(.badRows(statement.hour))
      }
      guard let allocation = row.allocation else { continue }
      guard row.account.isSomebodys, allocations.contains(allocation) else {
        throw .usage(.badRows(statement.hour))
      }
      guard row.seconds < .zero else { continue }
      // What was erased cannot be told from nothing.
      guard cluster?.erased ?? 0 == 0 else { throw .usage(.usageErased(month)) }
      let had = usage(of: allocation).months.last {
        $0.month == month && $0.cluster == statement.cluster
      }
      guard (had?[row.account] ?? .zero) + row.seconds >= .zero else {
        throw .usage(.badRows(statement.hour))
      }
    }
    guard statement.totals.contradicted >= .zero || cluster?.erased ?? 0 == 0 else {
      throw .usage(.usageErased(month))
    }
    let contradicted = (cluster?.contradicted ?? .zero) + statement.totals.contradicted
    var isFine = statement.segments >= 0 && contradicted >= .zero
    let sums = statement.totals.accounts
    for account in Account.allCases where (cluster?[account] ?? .zero) + sums[account.index] < .zero
    {
      isFine = false
    }
    guard isFine else { throw .usage(.badRows(statement.hour)) }
  }

  mutating func applyStatement(_ body: StatementSealed) {
    while clusterAccounts.count < Int(body.cluster.number) {
      clusterAccounts.append(ClusterAccounts())
    }
    guard let month = charter?.days.month(of: body.hour) else { return }
    add(body, to: &clusterAccounts[body.cluster], month)
    for row in body.allocations.value ?? [] {
      guard let allocation = row.allocation else { continue }
      while allocationUsage.count < Int(allocation.number) {
        allocationUsage.append(AllocationUsage())
      }
      let index = allocationUsage[allocation].index(month, body.cluster)
      allocationUsage[allocation].months[index].add(row.seconds, to: row.account)
    }
  }

  private func add(
    _ body: StatementSealed, to accounts: inout ClusterAccounts, _ month: Month
  ) {
    let index = accounts.monthIndex(month)
    for total in body.accounts {
      accounts.months[index].seconds[total.account.index] += total.seconds
    }
    accounts.months[index].capacity += body.capacity
    accounts.months[index].contradicted += body.contradicted.value ?? .zero
    if body.allocations == .erased || body.contradicted == .erased {
      accounts.months[index].erased += 1
    }
    if let corrects = body.corrects {
      accounts.months[index].corrections += 1
      accounts.setNewest(body.hour, corrects + 1)
    } else {
      accounts.months[index].sealedSeconds += body.hour.length
      accounts.firstSealed = accounts.firstSealed ?? body.hour
      accounts.lastSealed = body.hour
    }
  }

  /// The programme's figure of a cluster is what there is to account for, from this event on.
  mutating func applyCapacity(_ cluster: ClusterID, _ record: Cluster) {
    while clusterAccounts.count < Int(cluster.number) {
      clusterAccounts.append(ClusterAccounts())
    }
    clusterAccounts[cluster].gpus.set(record.gpus.value, from: now)
  }
}
