import MadangAccess
import MadangControl
import MadangJournal
import MadangPages
import MadangProgramme
import MadangViews

/// What pages show of the work at centres: what was read back, jobs, sealed hours.
extension Counter {
  private static let jobsMax = 500
  /// Segments not taken that a cluster's page shows.
  private static let refusedMax = 100
  /// Days of use that a page of an award shows.
  private static let daysMax: Int64 = 92

  func award(_ id: AwardID, for caller: Caller) throws -> AwardFacts {
    let programme = programme
    let own = programme.allocations.ids.filter { programme.allocations[$0].award == id }
    var facts = AwardFacts()
    for allocation in own {
      let cluster = programme.allocations[allocation].cluster
      guard let state = try operations.observed(cluster) else { continue }
      facts.observed[allocation] = AwardFacts.Observed(
        at: state.at, generation: state.generation,
        found: state.allocations.first { $0.allocation == allocation })
    }
    guard caller.reads(id, in: programme) else { return facts }
    if caller.readsOffice { note("award", "\(id)", caller) }
    facts.members = try programme.members.ids.compactMap { member in
      let row = programme.members[member]
      guard row.award == id, let person = row.person else { return nil }
      return try journal.ledger.label(of: person) ?? "\(person)"
    }
    if caller.readsOffice, !facts.members.isEmpty { note("members", "\(id)", caller) }
    facts.jobs = try operations.newestTasks(of: own, limit: Counter.jobsMax).map(Counter.facts)
    facts.days = try days(of: own, programme)
    return facts
  }

  /// Who may review, by account, for whoever may say that somebody must not.
  func reviewers(for caller: Caller) throws -> [String] {
    guard caller.has(.officer) else { return [] }
    return try access.accounts()
      .filter { account in !account.disabled && account.grants.contains { $0.role == .reviewer } }
      .map(\.name)
  }

  private static func facts(_ task: StoredTask) -> JobFacts {
    let state: JobFacts.State
    switch task.state {
    case .waiting: state = .waiting(reason: task.reason.flatMap(reason))
    case .starting: state = .starting
    case .running: state = task.canceled ? .canceling : .running
    case .ended: state = .ended(task.ending ?? "lost", exitCode: task.exitCode)
    }
    let spec = JobBook.spec(task)
    return JobFacts(
      task: task.index.map { "job-\(task.job)_\($0)" } ?? "job-\(task.job)",
      name: spec?.name ?? "–", allocation: task.allocation, gpus: Int64(spec?.gpus ?? 0),
      state: state, submitted: task.submittedAt, started: task.startedAt, ended: task.endedAt)
  }

  /// A line in Korean, and one in English.
  private static func reason(_ bytes: [UInt8]) -> Bilingual? {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    // What is longer than a text may be is not shown.
    guard lines.count == 2, let ko = try? Text(lines[0]), let en = try? Text(lines[1]) else {
      return nil
    }
    return Bilingual(ko: ko, en: en)
  }

  /// What is sealed in the name of these allocations, day by day, the newest days.
  private func days(
    of allocations: [AllocationID], _ programme: Programme
  ) throws -> [AwardFacts.UseDay] {
    guard let calendar = programme.charter?.days else { return [] }
    let wanted = Set(allocations)
    var sums: [Day: AwardFacts.UseDay] = [:]
    for cluster in Set(allocations.map { programme.allocations[$0].cluster }).sorted() {
      let accounts = programme.accounts(of: cluster)
      guard let first = accounts.firstSealed, let last = accounts.lastSealed else { continue }
      let from = max(first.start.seconds, last.end.seconds - Counter.daysMax * 86_400)
      let span = Instant(from)..<last.end
      for (hour, totals) in try operations.sealedHours(of: cluster, accounts, in: span) {
        guard let day = calendar.day(of: hour.start) else { continue }
        for row in totals.rows {
          guard let allocation = row.allocation, wanted.contains(allocation) else { continue }
          sums[day, default: AwardFacts.UseDay(day: day)].sums[row.account.index] +=
            row.seconds.count
        }
      }
    }
    return sums.values.sorted { $0.day < $1.day }
  }

  /// The sealed hours that a page of accounts asks for.
  func sealed(_ query: AccountsQuery) throws -> [AccountsPage.Sealed] {
    guard let span = query.span else { return [] }
    let programme = programme
    return try query.clusters.flatMap { cluster in
      try operations.sealedHours(of: cluster, programme.accounts(of: cluster), in: span)
        .map { (cluster: cluster, hour: $0.hour, totals: $0.totals) }
    }
  }

  /// A cluster as it was read back last, and the newest of its usage that was not taken.
  func centre(_ id: ClusterID, for caller: Caller) throws -> ClusterPage.Found {
    var found = ClusterPage.Found()
    if let state = try operations.observed(id) {
      found.facts = CentreFacts(state)
      found.allocations = state.allocations
    }
    guard ClusterPage.showsRefusedUsage(of: id, to: caller, programme) else { return found }
    let count = try operations.refusedUsageCount(of: id)
    found.refused = try operations.refusedUsage(
      of: id, in: max(0, count - Counter.refusedMax)..<count)
    found.refusedCount = count
    if count > 0 { note("refused usage", "\(id)", caller) }
    return found
  }
}

extension CentreFacts {
  init(_ state: ObservedState) {
    self.init(
      cluster: state.cluster, at: state.at, generation: state.generation, up: state.devices.up,
      down: state.devices.down, maintenance: state.devices.maintenance,
      preparing: state.devices.preparing)
  }
}
