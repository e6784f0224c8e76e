import MadangCrypto
public import MadangJournal
public import MadangProgramme
public import MadangViews

/// The office's books as one caller may read them, field by field: what the API serves, and what
/// the command line prints of a folder.
public struct Reading: Sendable {
  let programme: Programme
  let ledger: Ledger
  /// Opened where something asks for it.
  let operations: @Sendable () throws(JournalError) -> Operations
  let caller: Caller
  let language: Language
  /// By which what is sealed until a day is opened.
  let now: Instant

  public init(
    _ programme: Programme, _ ledger: Ledger,
    operations: @escaping @Sendable () throws(JournalError) -> Operations, for caller: Caller,
    in language: Language, at now: Instant
  ) {
    self.programme = programme
    self.ledger = ledger
    self.operations = operations
    self.caller = caller
    self.language = language
    self.now = now
  }

  /// What a read answers to this caller, who was found to be one that may use it.
  ///
  /// Throws: there is nothing of that name; a round that is not so far; a ledger that cannot be
  /// read.
  public func answer(_ operation: MadangViews.Operation, _ values: Values) throws -> Answer {
    if let answer = try programme.answer(operation, values, for: caller, language) {
      return answer
    }
    switch operation.id {
    case "getMe": return Answer(me)
    case "getCluster":
      let id = try programme.known("cluster", values, programme.clusters)
      return ClusterView.answer(id, try operations().observed(id), programme, for: caller)
    case "listRefusedUsage":
      let id = try programme.known("cluster", values, programme.clusters)
      let operations = try operations()
      let slice = try Slice(of: try operations.refusedUsageCount(of: id), values) { places in
        try operations.refusedUsage(of: id, in: places)
      }
      let beyond = try operations.refusedBeyond(of: id)
      return RefusedUsageView.answer(id, slice, beyond: beyond, programme)
    case "listMembers": return try members(values)
    case "listAgents": return try agents()
    default: return try ledgerAnswer(operation.id, values)
    }
  }

  private var me: JSON {
    .object([
      ("account", .optional(caller.account)),
      (
        "roles",
        .array(
          caller.grants.map { grant in
            .object([
              ("role", .text(grant.role.rawValue)),
              ("scope", .optional(grant.scope.map { Int64($0) })),
            ])
          })
      ),
    ])
  }

  // MARK: People and agents

  private func members(_ values: Values) throws -> Answer {
    let award = try programme.known("award", values, programme.awards)
    var names: [String] = []
    for member in programme.members.ids {
      let row = programme.members[member]
      guard row.award == award, let person = row.person else { continue }
      names.append(try ledger.label(of: person) ?? "\(person)")
    }
    let found = names
    var answer = Answer(
      .array(found.map { .text($0) }),
      text: { prose in
        found.isEmpty
          ? prose.say(ko: "아무도 없습니다.", en: "Nobody yet.") : found.joined(separator: "\n")
      })
    answer.seen = ("members", "\(award)")
    return answer
  }

  private struct AgentRow: Sendable {
    let id: AgentID
    let agent: Agent
    let epoch: Int64
    let readBack: Instant?
  }

  private func agents() throws -> Answer {
    let operations = try operations()
    let programme = programme
    let rows = try programme.agents.ids.map { id in
      let agent = programme.agents[id]
      return AgentRow(
        id: id, agent: agent, epoch: try operations.lease(of: id).epoch,
        readBack: try operations.observed(agent.cluster)?.at)
    }
    return Answer(
      .array(
        rows.map { row in
          .object([
            ("id", .text("\(row.id)")), ("cluster", .text("\(row.agent.cluster)")),
            ("revoked", .bool(row.agent.revoked)), ("epoch", .int(row.epoch)),
            ("readBack", .optional(row.readBack?.seconds)),
          ])
        }),
      text: { Reading.table(rows, programme, $0) })
  }

  private static func table(
    _ rows: [AgentRow], _ programme: Programme, _ prose: Prose
  ) -> String {
    var table = Table([
      (prose.say(ko: "에이전트", en: "agent"), .left), (prose.say(ko: "클러스터", en: "cluster"), .left),
      (prose.say(ko: "상태", en: "state"), .left), (prose.say(ko: "차수", en: "epoch"), .right),
      (prose.say(ko: "마지막 보고", en: "read back"), .left),
    ])
    for row in rows {
      table.add(
        "\(row.id)", programme.clusters[row.agent.cluster].slug.value,
        row.agent.revoked
          ? prose.say(ko: "폐기", en: "revoked") : prose.say(ko: "등록", en: "enrolled"),
        "\(row.epoch)", row.readBack.map { prose.time($0, programme) } ?? "–")
    }
    return table.text
  }
}

extension Caller {
  /// Whoever has the data folder has all of it.
  public static let keeper = Caller(
    account: nil, person: nil,
    grants: [Grant(.officer), Grant(.approver), Grant(.auditor)].compactMap { $0 })

  /// For whom the ledger opens fields to this caller.
  var audiences: [Viewer] {
    if has(.auditor) { return [.auditor] }
    if readsOffice { return [.office] }
    return [.public] + organisations.map { .party($0) }
  }
}
