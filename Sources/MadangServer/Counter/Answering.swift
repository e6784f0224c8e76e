import MadangAccess
import MadangCrypto
import MadangJournal
import MadangPages
import MadangProgramme
import MadangViews

/// What may be read, field by field, by who asks.
extension Counter {
  func read(_ operation: Operation, _ values: Values, by caller: Caller) throws -> JSON {
    let programme = programme
    guard let today = programme.charter?.days.day(of: programme.now) else {
      throw HTTPRefusal.notFounded
    }
    let id = operation.id
    switch id {
    case "getProgramme": return programme.overviewJSON(on: today)
    case "getSupply": return programme.json(programme.supplySummary(on: values.day("on") ?? today))
    case "getLine": return programme.json(try known(values, "line", programme.lines))
    case "getField": return programme.fieldJSON(on: today)
    case "listPools": return programme.poolsJSON
    case "getAccounts": return programme.accountsJSON
    case "listClusters": return programme.clustersJSON
    case "getMe": return meJSON(caller)
    case "getHead", "listHeads", "getEvent": return try ledgerJSON(id, values, caller)
    case "listAwards", "getAward", "listAmendments":
      return try awardJSON(id, values, caller, programme)
    default: return try roundJSON(id, values, caller, programme)
    }
  }

  private func meJSON(_ caller: Caller) -> JSON {
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

  // MARK: Rounds and applications

  private func roundJSON(
    _ operation: String, _ values: Values, _ caller: Caller, _ programme: Programme
  ) throws -> JSON {
    switch operation {
    case "listRounds": return .array(programme.rounds.ids.map { programme.json($0) })
    case "getRound": return programme.json(try known(values, "round", programme.rounds))
    case "listSelected":
      let facts = try facts(values, programme)
      return page(facts.selected, values) { programme.json($0) }
    case "explainRank":
      let rank = values.integer("rank") ?? 0
      return programme.json(try facts(values, programme).facts(atRank: Int32(clamping: rank)))
    case "getRanking":
      let id = try known(values, "round", programme.rounds)
      note("ranking", "\(id)", caller)
      return page(programme.ranking(of: id), values) { programme.json($0) }
    case "getApplication":
      let id = try known(values, "application", programme.applications)
      guard caller.reads(programme.applications[id]) else { return programme.publicJSON(id) }
      note("application", "\(id)", caller)
      return programme.json(id)
    case "explainApplication":
      return try why(try known(values, "application", programme.applications), caller, programme)
    default: throw HTTPRefusal.nothingThere
    }
  }

  private func facts(_ values: Values, _ programme: Programme) throws -> PublicFacts {
    let id = try known(values, "round", programme.rounds)
    guard let facts = programme.publicFacts(of: id) else {
      throw CallRefusal.wrongStage(id, is: programme.rounds[id].stage, needed: .published)
    }
    return facts
  }

  private func why(
    _ id: ApplicationID, _ caller: Caller, _ programme: Programme
  ) throws -> JSON {
    let row = programme.applications[id]
    guard let ranked = programme.outcomes.row(id) ?? nil,
      let facts = programme.publicFacts(of: row.round)
    else {
      throw CallRefusal.wrongStage(
        row.round, is: programme.rounds[row.round].stage, needed: .published)
    }
    note("why", "\(id)", caller)
    let recomputed = facts.outcome(
      of: programme.candidate(id, rules: facts.rules), rank: ranked.rank)
    let words = Language.allCases.map { language in
      (language.rawValue, JSON.text(programme.words(for: ranked, facts.rules, language).reason))
    }
    return .object([
      ("application", programme.json(ranked)), ("text", .object(words)),
      ("agrees", .bool(recomputed.agrees(with: ranked.outcome))),
    ])
  }

  // MARK: Awards

  private func awardJSON(
    _ operation: String, _ values: Values, _ caller: Caller, _ programme: Programme
  ) throws -> JSON {
    switch operation {
    case "listAwards": return page(Array(programme.awards.ids), values) { programme.json($0) }
    case "getAward":
      let id = try known(values, "award", programme.awards)
      let allocations = programme.allocations.ids.filter { programme.allocations[$0].award == id }
      return .object([
        ("award", programme.json(id)),
        ("allocations", .array(allocations.map { programme.json($0) })),
      ])
    default:
      return .array(
        programme.amendments.ids.map { id in
          let row = programme.amendments[id]
          return .object([
            ("id", .text("\(id)")), ("award", .text("\(row.award)")),
            ("change", .text(programme.words(for: row.change, .en))),
            ("ground", .optional(row.ground?.rawValue)), ("standing", .text("\(row.standing)")),
          ])
        })
    }
  }

  // MARK: Ledger

  private func ledgerJSON(_ operation: String, _ values: Values, _ caller: Caller) throws -> JSON {
    let ledger = journal.ledger
    switch operation {
    case "listHeads": return .array(try ledger.heads().map { Counter.json($0) })
    case "getHead":
      guard let head = try ledger.newestHead() else { throw JournalError.noHead }
      return Counter.json(head)
    default:
      let number = values.integer("event") ?? 0
      guard number < programme.eventCount else { throw HTTPRefusal.nothingThere }
      let event = try ledger.event(number)
      var pairs: [(String, JSON)] = [
        ("event", .int(number)), ("leaf", .text(String(decoding: event.bytes, as: UTF8.self))),
        ("leafHash", .text(SHA256.leaf(event.bytes).hex)),
      ]
      if let head = try ledger.newestHead(), number < head.size {
        let proof = try ledger.inclusionProof(event: number, size: head.size)
        pairs += [
          ("head", Counter.json(head)), ("inclusion", .array(proof.map { .text($0.hex) })),
        ]
      } else {
        pairs += [("head", .null), ("inclusion", .array([]))]
      }
      pairs.append(
        (
          "opened",
          .array(
            try opened(number, caller).map { opening in
              .object([
                ("field", .text(opening.field)),
                ("value", .text(String(decoding: opening.value, as: UTF8.self))),
                ("salt", .text(Counter.hex(opening.salt.bytes))),
              ])
            })
        ))
      return .object(pairs)
    }
  }

  /// The openings of an event that this caller is entitled to; it is noted who saw them.
  func opened(_ number: Int64, _ caller: Caller) throws -> [Opening] {
    let opened = try journal.ledger.openings(of: number, for: caller.audiences, at: now)
    if !opened.isEmpty { note("openings", "event \(number)", caller) }
    return opened
  }

  static func json(_ head: Head) -> JSON {
    .object([
      ("algorithm", .text(head.signature.algorithm)), ("at", .int(head.at.seconds)),
      ("hash", .text(head.hash)), ("key", .text(head.key)), ("root", .text(head.root.hex)),
      ("signature", .text(hex(head.signature.bytes))),
      ("signed", .text(String(decoding: head.signedBytes, as: UTF8.self))),
      ("size", .int(head.size)),
    ])
  }

  static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  // MARK: Parts

  /// Notes that somebody of the office saw what is not for everybody.
  func note(_ what: String, _ subject: String, _ caller: Caller) {
    guard let account = caller.account else { return }
    access.noteSeen(what, of: subject, by: account, at: clock())
  }

  /// A page of a list, from `cursor` on, and where the next begins.
  private func page<Item>(
    _ items: [Item], _ values: Values, _ json: (Item) -> JSON
  ) -> JSON {
    let start = min(items.count, Int(clamping: values.integer("cursor") ?? 0))
    let end = min(items.count, start + Int(values.integer("limit") ?? 100))
    return .object([
      ("items", .array(items[start..<end].map(json))), ("total", .int(items.count)),
      ("next", end < items.count ? .int(end) : .null),
    ])
  }
}

extension Caller {
  /// For whom the ledger opens fields to this caller.
  var audiences: [Viewer] {
    if has(.auditor) { return [.auditor] }
    if readsOffice { return [.office] }
    return [.public] + organisations.map { .party($0) }
  }
}
