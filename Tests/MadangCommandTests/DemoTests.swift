import Foundation
import Testing

/// The tour of the README, on one replay that all of these share in turn.
@Suite(.serialized)
struct DemoTests {
  static let folder = Result { try TemporaryFolder() }

  static func data() throws -> URL { try folder.get().data }

  /// The replay is made once, by whichever test comes first.
  static let made = Result { try CommandLineRun("demo", data: try data()) }

  @Test func `the demo decides the first round and takes the difference apart`() throws {
    let run = try Self.made.get()
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.error.contains("SEED=2025"))
    for words in ["synthetic", "announced", "13,712", "4,224", "residue", "Try next", "1,714"] {
      #expect(run.out.contains(words), "no ‘\(words)’ in the demo")
    }
    let rows = try CommandLineRun("round", "compare", "--json", data: Self.data()).object()
    let tracks = try #require(rows["tracks"] as? [[String: Any]])
    #expect(tracks.count == 3)
    for row in tracks {
      func number(_ key: String) throws -> Int { try #require(row[key] as? Int) }
      let parts = try number("capacity") + number("shareRule") + number("unit") + number("models")
      #expect(try number("asked") + parts == number("decided"))
      #expect(try number("decided") + number("residue") == number("published"))
    }
    #expect(try tracks.reduce(0) { $0 + (try #require($1["asked"] as? Int)) } == 13_712)
    #expect(try tracks.reduce(0) { $0 + (try #require($1["published"] as? Int)) } == 4_224)
  }

  @Test func `every reason can be recomputed from public facts and one's own`() throws {
    _ = try Self.made.get()
    let ranking = try CommandLineRun("round", "ranking", "--json", data: Self.data()).array()
    #expect(ranking.count == 514)
    for row in ranking.enumerated().filter({ $0.offset % 40 == 0 }).map(\.element) {
      let id = try #require(row["application"] as? String)
      let why = try CommandLineRun("application", "why", id, "--json", data: Self.data())
      #expect(why.exitCode == 0)
      #expect(try why.object()["agrees"] as? Bool == true, "\(id)")
    }
  }

  @Test func `other rules are tried without a trace`() throws {
    _ = try Self.made.get()
    let before = try CommandLineRun("ledger", "verify", "--json", data: Self.data()).object()
    for rules in [
      "no-shares", "organisation-cap", "region-preference", "strict-stop", "shares-pass",
    ] {
      let run = try CommandLineRun(
        "round", "decide", "--rules", "Programmes/korea-2025/what-if/\(rules).yaml", "--dry-run",
        "--json", data: Self.data())
      #expect(run.exitCode == 0, "\(rules): \(run.error)")
      #expect(try run.object()["rules"] as? String == rules)
    }
    let after = try CommandLineRun("ledger", "verify", "--json", data: Self.data()).object()
    #expect(before["root"] as? String == after["root"] as? String)
  }

  @Test func `an offer declined moves the reserve list up, and cannot be declined twice`() throws {
    _ = try Self.made.get()
    let offers = try CommandLineRun("contract", "list", "--json", data: Self.data()).array()
    let first = try #require(offers.first { $0["standing"] as? String == "open" })
    let id = try #require(first["application"] as? String)
    let run = try CommandLineRun("contract", "decline", id, data: Self.data())
    #expect(run.exitCode == 0, "\(run.error)")
    let after = try CommandLineRun("contract", "list", "--json", data: Self.data()).array()
    #expect(after.contains { $0["pass"] as? Int == 3 })
    let again = try CommandLineRun("contract", "decline", id, data: Self.data())
    #expect(again.exitCode == 1)
    #expect(again.error.contains("MDG-1303"))
    let other = try #require(after.last?["application"] as? String)
    let concluded = try CommandLineRun("contract", "conclude", other, data: Self.data())
    #expect(concluded.exitCode == 0, "\(concluded.error)")
    #expect(try CommandLineRun("award", "--json", data: Self.data()).array().count >= 1)
  }

  @Test func `whoever drafted may not approve, and nobody decides twice`() throws {
    _ = try Self.made.get()
    let run = try CommandLineRun("round", "approve", "round-1", data: Self.data())
    #expect(run.exitCode == 1)
    #expect(run.error.contains("MDG-1219"))
  }

  @Test func `the ledger verifies, also by the page of Python, for each audience`() throws {
    _ = try Self.made.get()
    let folder = try TemporaryFolder()
    let verify = try CommandLineRun("ledger", "verify", data: Self.data())
    #expect(verify.exitCode == 0, "\(verify.error)")
    var openings: [String: Int] = [:]
    for audience in ["public", "party", "auditor"] {
      let target = folder.url.appendingPathComponent(audience)
      var arguments = ["ledger", "export", target.path, "--as", audience, "--json"]
      if audience == "party" { arguments += ["--party", "organisation-17"] }
      let run = try CommandLineRun(arguments, data: Self.data())
      #expect(run.exitCode == 0, "\(run.error)")
      openings[audience] = try run.object()["openings"] as? Int
      let python = try Python.verify(target, folder.url)
      #expect(python.exitCode == 0, "\(audience): \(python.text)")
      #expect(python.text.hasPrefix("ok: "), "\(python.text)")
    }
    #expect(openings["public"] == 0)
    #expect((openings["party"] ?? 0) > 0)
    #expect((openings["auditor"] ?? 0) > (openings["party"] ?? 0))
  }

  @Test func `a demo on a folder that has one shows it again and changes nothing`() throws {
    _ = try Self.made.get()
    let before = try CommandLineRun("ledger", "verify", "--json", data: Self.data()).object()
    let again = try CommandLineRun("demo", data: Self.data())
    #expect(again.exitCode == 0, "\(again.error)")
    let after = try CommandLineRun("ledger", "verify", "--json", data: Self.data()).object()
    #expect(before["root"] as? String == after["root"] as? String)
  }

  @Test func `everything answers in Korean too`() throws {
    _ = try Self.made.get()
    for arguments in [
      ["supply"], ["supply", "capacity"], ["round"], ["round", "ranking", "--limit", "3"],
      ["round", "compare"], ["call"], ["programme"], ["contract"], ["award"], ["ledger", "verify"],
      ["application", "why", "application-1"],
    ] {
      let korean = try CommandLineRun(
        arguments, data: Self.data(), environment: ["LC_ALL": "ko_KR.UTF-8"])
      #expect(korean.exitCode == 0, "\(arguments): \(korean.error)")
      #expect(korean.out.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) })
      let english = try CommandLineRun(arguments + ["--lang", "en"], data: Self.data())
      #expect(english.out != korean.out, "\(arguments)")
    }
  }
}

/// The verifier of docs/verify-the-ledger.md, as a reader saves it.
enum Python {
  static func verify(_ export: URL, _ folder: URL) throws -> (exitCode: Int32, text: String) {
    let page = try String(
      contentsOf: CommandLineRun.repository.appendingPathComponent("docs/verify-the-ledger.md"),
      encoding: .utf8)
    let start = try #require(page.range(of: "```python\n"))
    let end = try #require(page.range(of: "\n```", range: start.upperBound..<page.endIndex))
    let script = folder.appendingPathComponent("verify.py")
    try String(page[start.upperBound..<end.lowerBound] + "\n")
      .write(to: script, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script.path, export.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }
}
