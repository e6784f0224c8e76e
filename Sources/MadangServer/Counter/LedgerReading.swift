import MadangCrypto
import MadangJournal
import MadangProgramme
import MadangViews

/// Heads, events and their proofs.
extension Reading {
  func ledgerAnswer(_ read: String, _ values: Values) throws -> Answer {
    switch read {
    case "listHeads":
      let programme = programme
      let slice = try Slice(of: Int(try ledger.headCount()), values) { numbers in
        try ledger.heads(in: Int64(numbers.lowerBound)..<Int64(numbers.upperBound))
      }
      return Answer(
        next: slice.next, slice.json { Reading.json($0) },
        text: { Reading.table(slice.items, programme, $0) })
    case "getHead":
      guard let head = try ledger.newestHead() else { throw JournalError.noHead }
      let programme = programme
      return Answer(Reading.json(head), text: { Reading.table([head], programme, $0) })
    case "getEvent": return try event(values)
    case "proveEvent": return try proof(values)
    default: throw HTTPRefusal.nothingThere
    }
  }

  private func number(_ values: Values) throws -> Int64 {
    let number = values.integer("event") ?? 0
    guard number < programme.eventCount else {
      throw JournalError.noSuchEvent(number, events: programme.eventCount)
    }
    return number
  }

  private func event(_ values: Values) throws -> Answer {
    let number = try number(values)
    let event = try ledger.event(number)
    let leaf = String(decoding: event.bytes, as: UTF8.self)
    var pairs: [(String, JSON)] = [
      ("event", .int(number)), ("leaf", .text(leaf)),
      ("leafHash", .text(SHA256.leaf(event.bytes).hex)),
    ]
    if let head = try ledger.newestHead(), number < head.size {
      let proof = try ledger.inclusionProof(event: number, size: head.size)
      pairs += [
        ("head", Reading.json(head)), ("inclusion", .array(proof.map { .text($0.hex) })),
      ]
    } else {
      pairs += [("head", .null), ("inclusion", .array([]))]
    }
    let opened = try ledger.openings(of: number, for: caller.audiences, at: now)
    pairs.append(
      (
        "opened",
        .array(
          opened.map { opening in
            .object([
              ("field", .text(opening.field)),
              ("value", .text(String(decoding: opening.value, as: UTF8.self))),
              ("salt", .text(Reading.hex(opening.salt.bytes))),
            ])
          })
      ))
    let all = pairs
    // The leaf is JSON already; people too read it as it is stored.
    var answer = Answer(.object(all), text: { _ in leaf })
    if !opened.isEmpty { answer.seen = ("openings", "event \(number)") }
    return answer
  }

  private func proof(_ values: Values) throws -> Answer {
    let number = try number(values)
    guard let head = try ledger.newestHead() else { throw JournalError.noHead }
    guard number < head.size else { throw JournalError.notSigned(number, size: head.size) }
    let leaf = SHA256.leaf(try ledger.event(number).bytes)
    let inclusion = try ledger.inclusionProof(event: number, size: head.size)
    // A proof that does not hold is none: what it was built from is damaged.
    guard
      MerkleTree.verifyInclusion(
        of: leaf, at: Int(number), size: Int(head.size), proof: inclusion, root: head.root)
    else { throw JournalError.alteredEvents(number..<number + 1) }
    let since = values.integer("since")
    let consistency = try since.map { try ledger.consistencyProof(from: $0, to: head.size) }
    var pairs: [(String, JSON)] = [
      ("event", .int(number)), ("leafHash", .text(leaf.hex)), ("head", Reading.json(head)),
      ("inclusion", .array(inclusion.map { .text($0.hex) })),
    ]
    if let since, let consistency {
      pairs += [
        ("since", .int(since)), ("consistency", .array(consistency.map { .text($0.hex) })),
      ]
    }
    let all = pairs
    return Answer(
      .object(all),
      text: { prose in
        var lines = [
          prose.say(
            ko: "사건 \(number)은(는) 크기 \(head.size)의 서명에 들어 있습니다.",
            en: "Event \(number) is in the head of size \(head.size)."),
          prose.say(ko: "잎", en: "leaf") + " \(leaf.hex)",
          prose.say(ko: "뿌리", en: "root") + " \(head.root.hex)",
        ]
        lines += inclusion.map { "  \($0.hex)" }
        if let since, let consistency {
          lines.append(
            prose.say(
              ko: "크기 \(since)의 서명은 그대로 남아 있습니다(일관성 증명):",
              en: "The head of size \(since) is a prefix of it (consistency proof):"))
          lines += consistency.map { "  \($0.hex)" }
        }
        return lines.joined(separator: "\n")
      })
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

  private static func table(_ heads: [Head], _ programme: Programme, _ prose: Prose) -> String {
    var table = Table([
      (prose.say(ko: "사건 수", en: "size"), .right), (prose.say(ko: "시각", en: "signed at"), .left),
      (prose.say(ko: "뿌리", en: "root"), .left), (prose.say(ko: "서명", en: "signature"), .left),
    ])
    for head in heads {
      table.add(
        head.size.grouped, prose.time(head.at, programme), head.root.hex,
        head.signature.algorithm)
    }
    return table.text
  }

  static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
