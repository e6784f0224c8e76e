import Foundation
import MadangJournal
import MadangProgramme
import Testing

/// Runs the verifier that `docs/verify-the-ledger.md` prints against exports that this file writes
/// by itself, so that the page and the code can only be wrong together if both misread the RFC.
struct PythonVerifierTests {
  @Test(arguments: ["default", "kr-public"])
  func `an honest export verifies, alone and against the key and heads kept from earlier`(
    profile: String
  ) throws {
    let export = try LedgerExport(profile: profile)
    let heads = try export.heads()
    let summary = "ok: 21 events, 22 openings, 4 heads, root \(export.root(size: 21).hex)"
    #expect(try export.verified() == .ok(summary))
    for kept in heads {
      #expect(try export.verified(key: export.publicKey, kept: kept) == .ok(summary))
    }
  }

  @Test(arguments: ["default", "kr-public"])
  func `an empty ledger verifies`(profile: String) throws {
    var export = try LedgerExport(profile: profile)
    (export.events, export.openings, export.headSizes) = ([], [], [0])
    let summary = "ok: 0 events, 0 openings, 1 heads, root \(SHA256.empty.hex)"
    #expect(try export.verified() == .ok(summary))
  }

  @Test func `a flipped bit is found`() throws {
    let export = try LedgerExport()
    let heads = try export.heads()
    var altered = export
    altered.events[11] = altered.events[11].replacing("\"award\":11", with: "\"award\":10")
    #expect(altered.events[11] != export.events[11])
    #expect(try altered.verified(heads: heads).names("head 2", "another root"))
    altered.events[11] = export.events[11].replacing("\"by\":", with: "\"by\";")
    #expect(try altered.verified(heads: heads).names("event 11", "JSONDecodeError"))
  }

  @Test func `a removed event is found`() throws {
    var export = try LedgerExport()
    let heads = try export.heads()
    export.events.remove(at: 11)
    #expect(try export.verified(heads: heads).names("event 11", "number"))
    export.renumber()
    #expect(try export.verified(heads: heads).names("head 2", "another root"))
  }

  @Test func `events cut from the end are found`() throws {
    var export = try LedgerExport()
    let heads = try export.heads()
    export.events.removeLast()
    #expect(try export.verified(heads: heads).names("head 3", "more than the 20 events"))
    #expect(
      try export.verified(heads: Array(heads.dropLast())).names("head 2", "covers 16 of 20"))
  }

  @Test func `two events in another order are found`() throws {
    var export = try LedgerExport()
    let heads = try export.heads()
    export.events.swapAt(11, 12)
    #expect(try export.verified(heads: heads).names("event 11", "number"))
    export.renumber()
    #expect(try export.verified(heads: heads).names("head 2", "another root"))
  }

  @Test(arguments: ["default", "kr-public"])
  func `a rewritten history under another key is found by the key or by a head kept`(
    profile: String
  ) throws {
    let honest = try LedgerExport(profile: profile)
    let kept = try honest.heads()[2]
    var rewritten = honest
    rewritten.events[3] = rewritten.events[3].replacing("\"award\":3", with: "\"award\":4")
    // By the office's own key, only a head kept from before tells.
    #expect(try rewritten.verified(key: honest.publicKey).isOK)
    #expect(try rewritten.verified(kept: kept).names("kept head 0", "another root"))

    rewritten.key = try rewritten.cryptography.makeSigningKey()
    #expect(try rewritten.verified().isOK, "it agrees with itself")
    #expect(try rewritten.verified(key: honest.publicKey).names("head 0", "another key"))
    #expect(try rewritten.verified(kept: kept).names("kept head 0", "another key"))
  }

  @Test(arguments: ["default", "kr-public"])
  func `an altered head is found`(profile: String) throws {
    let export = try LedgerExport(profile: profile)
    let heads = try export.heads()
    func replaced(_ text: String, _ other: String) throws -> Verdict {
      var altered = heads
      altered[1] = altered[1].replacing(text, with: other)
      #expect(altered[1] != heads[1])
      return try export.verified(heads: altered)
    }
    #expect(try replaced("\"at\":1007", "\"at\":1008").names("head 1", "signature"))
    #expect(try replaced("\"size\":7", "\"size\":8").names("head 1", "signature"))
    #expect(try replaced("sha256\",\"key", "sha512\",\"key").names("head 1", "sha256"))
    #expect(try replaced("\"signature\":\"", "\"signature\":\"00").names("head 1", "signature"))
    #expect(try export.verified(heads: heads.reversed()).names("head 1", "fewer"))
    #expect(try export.verified(heads: []).names("", "has no head"))
  }

  @Test func `a leaf that isn't canonical is found, even when signed`() throws {
    for (text, other, reason) in [
      ("\"award\":5", "\"award\": 5", "canonical"),
      ("\"award\":5", "\"award\":5.0", "int()"),
      ("\"award\":5", "\"award\":5,\"award\":5", "canonical"),
      ("마당", "\\ub9c8\\ub2f9", "canonical"),
    ] {
      var export = try LedgerExport()
      export.events[5] = export.events[5].replacing(text, with: other)
      #expect(try export.verified().names("event 5", reason), "\(other)")
    }
  }

  @Test func `a wrong opening is found`() throws {
    let export = try LedgerExport()
    for (text, other, reason) in [
      ("\"value\":{\"score\":6", "\"value\":{\"score\":7", "another commitment"),
      ("\"salt\":\"06", "\"salt\":\"07", "another commitment"),
      ("\"salt\":\"06", "\"salt\":\"", "16 bytes"),
      ("\"class\":\"party\"", "\"class\":\"public\"", "another class"),
      ("\"event\":6", "\"event\":5", "another commitment"),
      ("\"event\":6", "\"event\":21", "no such event"),
      ("\"event\":6", "\"event\":-1", "no such event"),
      ("review.0.score", "review.0.rank", "rank"),
      ("review.0.score", "award", "TypeError"),
    ] {
      var altered = export
      altered.openings[6] = altered.openings[6].replacing(text, with: other)
      #expect(altered.openings[6] != export.openings[6])
      #expect(try altered.verified().names("opening 6", reason), "\(other)")
    }
  }
}

/// What the verifier said.
enum Verdict: Equatable {
  case ok(String)
  case wrong(String)

  var isOK: Bool {
    if case .ok = self { true } else { false }
  }

  /// Whether it refused, naming this place and a reason that holds these words.
  func names(_ place: String, _ reason: String) -> Bool {
    guard case .wrong(let sentence) = self else { return false }
    return sentence.hasPrefix(place) && sentence.contains(reason) && !sentence.contains("\n")
  }
}

/// A small ledger: 21 events, each with one field for its party; the first also hides who did it.
private struct LedgerExport {
  let cryptography: any Cryptography
  var key: SigningKey
  var events: [String]
  var openings: [String]
  var headSizes = [0, 7, 16, 21]

  init(profile: String = "default") throws {
    cryptography = try #require(CryptographyProfile.named(profile))
    key = try cryptography.signingKey(privateBytes: [UInt8](repeating: 7, count: 32))
    events = []
    openings = []
    for number in 0..<21 {
      let salt = [UInt8](repeating: UInt8(number), count: 16)
      let value = "{\"score\":\(number),\"why\":\"가\\n\\\"\"}"
      let commitment = SHA256.commitment(salt: salt, value: Array(value.utf8)).hex
      let hidden = "{\"class\":\"party\",\"commitment\":\"\(commitment)\",\"publicFrom\":9}"
      let by = number == 0 ? hidden : "\"office\""
      events.append(
        "{\"body\":{\"award\":\(number),\"review\":[{\"score\":\(hidden)}],\"title\":\"마당\"},"
          + "\"by\":\(by),\"number\":\(number),\"type\":\"reviewed\",\"v\":1}")
      for field in number == 0 ? ["review.0.score", "by"] : ["review.0.score"] {
        openings.append(
          "{\"class\":\"party\",\"event\":\(number),\"field\":\"\(field)\","
            + "\"salt\":\"\(Hex.text(salt))\",\"value\":\(value)}")
      }
    }
    openings.append(openings.remove(at: 1))  // Opening n is that of event n; order is free.
  }

  var publicKey: String { Hex.text(key.publicBytes) }

  /// Gives every event the number of its line, as a forger would.
  mutating func renumber() {
    for number in events.indices {
      events[number].replace(#/"number":\d+/#, with: "\"number\":\(number)")
    }
  }

  func root(size: Int) -> Digest {
    var frontier = Frontier()
    for event in events.prefix(size) { frontier.append(SHA256.leaf(Array(event.utf8))) }
    return frontier.root
  }

  func heads() throws -> [String] {
    try headSizes.map { size in
      let before =
        "{\"algorithm\":\"\(key.algorithm)\",\"at\":\(1_000 + size),\"hash\":\"sha256\","
        + "\"key\":\"\(publicKey)\",\"root\":\"\(root(size: size).hex)\""
      let after = ",\"size\":\(size)}"
      let signature = try cryptography.sign(Array((before + after).utf8), with: key)
      return before + ",\"signature\":\"\(Hex.text(signature.bytes))\"" + after
    }
  }

  /// Writes the export, with its own heads or those given, and runs the page's verifier on it.
  func verified(
    heads: [String]? = nil, key: String? = nil, kept: String? = nil
  ) throws -> Verdict {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "madang-export-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ lines: [String], _ name: String) throws -> String {
      let file = folder.appending(path: name)
      try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: file)
      return file.path
    }
    _ = try write(events, "events.ndjson")
    _ = try write(openings, "openings.ndjson")
    _ = try write(try heads ?? self.heads(), "heads.ndjson")
    var arguments = [try write([try VerifierPage.script()], "verify.py"), folder.path]
    if let key { arguments += ["--key", key] }
    if let kept { arguments += ["--head", try write([kept], "kept.json")] }

    let (status, output, errors) = try VerifierPage.run(arguments)
    // The key on the line's end is the export's own.
    if status == 0 { return .ok(String(output.prefix { $0 != "\n" }.prefix(upTo: ", key "))) }
    #expect(status == 1 && output.isEmpty)
    return .wrong(errors.trimmingCharacters(in: .newlines))
  }
}

extension StringProtocol {
  /// The text before the first `mark`, or all of it.
  fileprivate func prefix(upTo mark: String) -> String {
    String(self[..<(firstRange(of: mark)?.lowerBound ?? endIndex)])
  }
}

/// The Python on the documentation's page.
enum VerifierPage {
  struct Missing: Error {}

  static func script() throws -> String {
    let page = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/verify-the-ledger.md").standardized
    let text = try String(contentsOf: page, encoding: .utf8)
    let blocks = text.components(separatedBy: "\n```python\n").dropFirst()
    guard blocks.count == 1, let block = blocks.first,
      let end = block.range(of: "\n```\n")
    else { throw Missing() }
    return String(block[..<end.lowerBound])
  }

  static func run(
    _ arguments: [String]
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    let output = Pipe()
    let errors = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    let complained = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: printed, as: UTF8.self),
      String(decoding: complained, as: UTF8.self)
    )
  }
}
