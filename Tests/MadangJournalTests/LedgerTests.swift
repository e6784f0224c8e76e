import Foundation
import MadangJournal
import MadangProgramme
import Testing

/// Exports of a real journal, checked by the page's Python; the journal's own verification; proofs;
/// erasure.
struct LedgerTests {
  @Test(arguments: ["ed25519", "ecdsa-p256-sha256"])
  func `every viewer's export verifies against the same head`(signature: String) throws {
    let folder = try TestFolder()
    let journal = try folder.founded(signature: signature, applicants: 4)
    let head = try journal.signHead(at: TestProgramme.closes)
    let counts = try [
      Viewer.public, .party(OrganisationID(2)), .office, .auditor,
    ].map { viewer in
      let export = try Export(journal, viewer, at: TestProgramme.closes)
      let verdict = try export.verified(key: head.key)
      #expect(verdict.isOK(events: head.size, openings: export.openings, root: head.root))
      return export.openings
    }
    #expect(counts[0] == 0)
    #expect(counts == counts.sorted() && Set(counts).count == 4)
    #expect(try journal.ledger.verify(key: head.key).openings == counts[3])
    try journal.close()
  }

  @Test func `the public sees asks once they are lifted, and a party its own and nobody else's`()
    throws
  {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 3)
    _ = try journal.signHead(at: TestProgramme.closes)
    let before = try Export(journal, .public, at: Instant(TestProgramme.lifted.seconds - 1))
    #expect(before.openingLines.isEmpty)
    let after = try Export(journal, .public, at: TestProgramme.lifted)
    #expect(Set(after.fields) == ["ask", "track"] && after.openings == 6)

    let party = try Export(journal, .party(OrganisationID(2)), at: TestProgramme.closes)
    #expect(
      Set(party.fields) == ["ask", "brokenRule", "organisation", "outcome", "track"])
    for line in party.openingLines where line.contains("\"field\":\"organisation\"") {
      #expect(line.hasSuffix("\"value\":2}"))
    }
    let office = try Export(journal, .office, at: TestProgramme.closes)
    #expect(office.fields.contains("by") && !office.fields.contains("reviewer"))
    let auditor = try Export(journal, .auditor, at: TestProgramme.closes)
    #expect(auditor.fields.contains("reviewer"))
    try journal.close()
  }

  @Test func `what is done to an export is found`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 3)
    let kept = try journal.signHead(at: TestProgramme.opens)
    _ = try journal.submit([
      TestProgramme.request(
        .registerOrganisation(TestProgramme.organisation(9)), at: TestProgramme.at(hours: 2_000))
    ])
    let head = try journal.signHead(at: TestProgramme.closes)
    func tampered(_ change: (Export) throws -> Void) throws -> Verdict {
      let export = try Export(journal, .auditor, at: TestProgramme.closes)
      try change(export)
      return try export.verified(key: head.key, kept: kept)
    }
    #expect(try tampered { _ in }.isOK)
    #expect(
      try tampered {
        try $0.edit("events") { $0[12] = $0[12].replacing("university", with: "company") }
      }
      .names("head 0", "another root"))
    #expect(try tampered { try $0.edit("events") { $0.remove(at: 9) } }.names("event 9", "number"))
    #expect(
      try tampered { try $0.edit("events") { $0.swapAt(4, 5) } }.names("event 4", "number"))
    #expect(
      try tampered { try $0.edit("events") { $0.removeLast() } }.names("head 1", "covers more"))
    #expect(
      try tampered {
        try $0.edit("openings") { $0[20] = $0[20].replacing("\"value\":", with: "\"value\":1") }
      }
      .names("opening 20", "another commitment"))
    try journal.close()
  }

  @Test func `a history rewritten under another key is found by the key and by a head kept`() throws
  {
    let honest = try TestFolder()
    let journal = try honest.founded(applicants: 3)
    let kept = try journal.signHead(at: TestProgramme.closes)
    try journal.close()
    let forged = try TestFolder()
    let other = try forged.founded(applicants: 3)
    _ = try other.signHead(at: TestProgramme.closes)
    let export = try Export(other, .public, at: TestProgramme.closes)
    try other.close()
    #expect(try export.verified().isOK, "it agrees with itself")
    #expect(try export.verified(key: kept.key).names("head 0", "another key"))
    #expect(try export.verified(kept: kept).names("kept head 0", "another key"))
    #expect(
      fault { _ = try Ledger(folder: forged.path).verify(key: kept.key) } == .otherKey(head: 0))
  }

  @Test func `without a head there is nothing to export, and after it only what it covers`() throws
  {
    let folder = try TestFolder()
    let journal = try folder.founded()
    #expect(fault { _ = try Export(journal, .public, at: TestProgramme.opens) } == .noHead)
    let head = try journal.signHead(at: TestProgramme.opens)
    _ = try journal.submit([
      TestProgramme.request(.registerOrganisation(TestProgramme.organisation(2)))
    ])
    let export = try Export(journal, .public, at: TestProgramme.opens)
    #expect(export.summary.events == head.size && export.summary.root == head.root)
    #expect(try export.verified().isOK)
    try journal.close()
  }

  @Test func `verification names the first thing that is wrong`() throws {
    func verified(after sql: String) throws -> JournalError? {
      let folder = try TestFolder()
      let journal = try folder.founded(applicants: 8)
      _ = try journal.signHead(at: TestProgramme.closes)
      try journal.close()
      try Tampering.run(folder, sql)
      return fault { _ = try Ledger(folder: folder.path).verify() }
    }
    #expect(try verified(after: "SELECT 1") == nil)
    let hashes = "substr(hashes, 1, 32 * 5) || zeroblob(32) || substr(hashes, 32 * 6 + 1)"
    let altered = "UPDATE tile SET hashes = CAST(\(hashes) AS BLOB) WHERE level = 0 AND number = 1"
    #expect(
      try verified(after: altered)
        == .alteredEvents(21..<22))
    #expect(
      try verified(after: "DELETE FROM tile WHERE level = 0 AND number = 2")
        == .damagedTree(level: 0, number: 2))
    #expect(
      try verified(after: "INSERT INTO tile VALUES (0, 77, zeroblob(32), zeroblob(512))")?.code
        == "MDG-2025")
    #expect(
      try verified(after: "UPDATE head SET root = zeroblob(32)") == .wrongSignature(head: 0))
    #expect(try verified(after: "UPDATE head SET at = at + 1") == .wrongSignature(head: 0))
    #expect(try verified(after: "UPDATE head SET key = zeroblob(32)") == .otherKey(head: 0))
    #expect(try verified(after: "UPDATE head SET size = 10000")?.code == "MDG-2028")
    #expect(
      try verified(after: "INSERT INTO opening VALUES (5000, X'5B5D', NULL)")
        == .missingEvent(5_000))
  }

  @Test func `an event rewritten with all its hashes is still found by the signed root`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let head = try journal.signHead(at: TestProgramme.closes)
    try journal.close()
    let other = "replace(CAST(leaf AS TEXT), 'contracted', 'delivered')"
    try Tampering.run(
      folder, "UPDATE event SET leaf = CAST(\(other) AS BLOB) WHERE number = 11")
    try Tampering.rewrite(folder, event: 11)
    #expect(
      fault { _ = try Ledger(folder: folder.path).verify() }
        == .wrongRoot(head: 0, size: head.size))
  }

  @Test func `proofs from the stored tree hold for every event and every pair of sizes`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 9)
    let ledger = journal.ledger
    let size = try ledger.eventCount()
    let root = try ledger.root(size: size)
    #expect(try journal.signHead(at: TestProgramme.closes).root == root)
    try ledger.forEachEvent(in: 0..<size) { event in
      let number = event.header.number
      let proof = try ledger.inclusionProof(event: number, size: size)
      #expect(
        MerkleTree.verifyInclusion(
          of: SHA256.leaf(event.bytes), at: Int(number), size: Int(size), proof: proof, root: root))
      let old = try ledger.root(size: number)
      let consistency = try ledger.consistencyProof(from: number, to: size)
      #expect(
        MerkleTree.verifyConsistency(
          from: Int(number), to: Int(size), oldRoot: old, newRoot: root, proof: consistency))
    }
    #expect(
      fault { _ = try ledger.inclusionProof(event: size, size: size) }
        == .noSuchEvent(size, events: size))
    #expect(
      fault { _ = try ledger.consistencyProof(from: 0, to: size + 1) }
        == .noSuchSize(size + 1, events: size))
    try journal.close()
  }

  @Test func `the programme as it was after any number of events can be had`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 2)
    for events in [0, 1, 13, journal.programme.eventCount - 1, journal.programme.eventCount] {
      #expect(try journal.ledger.programme(after: events).eventCount == events)
    }
    try journal.close()
  }
}

struct ErasureTests {
  @Test func `what is erased is gone from the files, and the ledger still verifies`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 3)
    try journal.writeSnapshot()
    // What a crash may leave of a snapshot in the making.
    let leftover = folder + "snapshots/0000000000000099.snapshot.new"
    try Data("sealed".utf8).write(to: URL(filePath: leftover))
    let head = try journal.signHead(at: TestProgramme.closes)
    let (event, salt) = try Self.firstApplication(in: journal.ledger)
    #expect(try Self.occurs(salt, in: folder))
    let before = try Export(journal, .auditor, at: TestProgramme.closes).openings

    #expect(try journal.erase(openingsOf: [event]) == 4)
    #expect(try journal.erase(openingsOf: [event, 9_999]) == 0)
    #expect(try !Self.occurs(salt, in: folder))
    #expect(!FileManager.default.fileExists(atPath: leftover))
    #expect(try journal.signHead(at: TestProgramme.closes) == head)
    let export = try Export(journal, .auditor, at: TestProgramme.closes)
    #expect(export.openings == before - 4)
    #expect(try export.verified(key: head.key, kept: head).isOK)
    #expect(try journal.ledger.verify().openings == before - 4)
    // The running programme is the one that the next start will replay.
    let fingerprint = journal.programme.fingerprint
    #expect(journal.programme.applications[ApplicationID(1)].organisation == nil)
    try journal.close()
    let again = try folder.open()
    #expect(again.programme.fingerprint == fingerprint)
    try again.close()
  }

  @Test func `one field can be erased by itself`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 2)
    let (event, _) = try Self.firstApplication(in: journal.ledger)
    #expect(try journal.erase(openingsOf: [event], fields: ["ask", "no such"]) == 1)
    try journal.ledger.forEachEvent(in: event..<event + 1) { left in
      #expect(left.openings.map(\.field) == ["organisation", "track", "by"])
    }
    #expect(journal.programme.applications[ApplicationID(1)].organisation == OrganisationID(1))
    try journal.close()
  }

  /// The event, and the salt of its first opening as it stands in the file.
  private static func firstApplication(in ledger: Ledger) throws -> (Int64, String) {
    var found: (Int64, String)?
    try ledger.forEachEvent(in: 0..<(try ledger.eventCount())) { event in
      guard found == nil, event.event.type == "applicationSubmitted" else { return }
      found = (event.header.number, Hex.text(event.openings[0].salt.bytes))
    }
    return try #require(found)
  }

  private static func occurs(_ text: String, in folder: TestFolder) throws -> Bool {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try names.contains { name in
      guard name.hasPrefix("journal.sqlite") else { return false }
      return try Data(contentsOf: URL(filePath: folder + name)).range(of: Data(text.utf8)) != nil
    }
  }
}

/// An export in a folder of its own, to look at, to alter and to check with the page's Python.
private final class Export {
  let folder: TestFolder
  let summary: ExportSummary

  init(_ journal: Journal, _ viewer: Viewer, at now: Instant) throws {
    folder = try TestFolder()
    summary = try journal.ledger.export(to: folder.path, for: viewer, at: now)
  }

  var openings: Int64 { summary.openings }

  var openingLines: [String] { (try? lines("openings")) ?? [] }

  var fields: [String] {
    openingLines.compactMap { $0.firstMatch(of: #/"field":"(\w+)"/#).map { String($0.1) } }
  }

  private func lines(_ name: String) throws -> [String] {
    try String(contentsOfFile: folder + "\(name).ndjson", encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  func edit(_ name: String, _ change: (inout [String]) -> Void) throws {
    let before = try lines(name)
    var lines = before
    change(&lines)
    struct Unchanged: Error {}
    guard lines != before else { throw Unchanged() }
    try Data(lines.map { $0 + "\n" }.joined().utf8)
      .write(to: URL(filePath: folder + "\(name).ndjson"))
  }

  func verified(key: String? = nil, kept: Head? = nil) throws -> Verdict {
    let script = folder + "verify.py"
    try Data(VerifierPage.script().utf8).write(to: URL(filePath: script))
    var arguments = [script, folder.path]
    if let key { arguments += ["--key", key] }
    if let kept {
      try Data(kept.line + [10]).write(to: URL(filePath: folder + "kept.json"))
      arguments += ["--head", folder + "kept.json"]
    }
    let (status, output, errors) = try VerifierPage.run(arguments)
    if status == 0 { return .ok(output.trimmingCharacters(in: .newlines)) }
    return .wrong(errors.trimmingCharacters(in: .newlines))
  }
}

extension Verdict {
  fileprivate func isOK(events: Int64, openings: Int64, root: Digest) -> Bool {
    guard case .ok(let line) = self else { return false }
    return line.hasPrefix("ok: \(events) events, \(openings) openings, ")
      && line.contains("root \(root.hex)")
  }
}
