import Foundation
import Testing

/// What a reader may count on in every file, as a test. Exceptions stand in `allowed`, each with
/// its reason; one that is no longer needed fails too.
struct Tidy {
  /// `path: rule: what the line holds` → why.
  static let allowed: [Exception] = []

  struct Exception: Sendable {
    let path: String
    let rule: String
    let containing: String
    let reason: String
  }

  /// DESIGN's rooms: what each target may import.
  static let rooms: [String: Set<String>] = [
    "MadangProgramme": [],
    "MadangScheduler": [],
    "MadangSimulator": ["MadangProgramme", "MadangScheduler"],
    "MadangViews": ["MadangProgramme"],
    "MadangPages": ["MadangProgramme", "MadangViews"],
    "MadangAccess": [
      "MadangProgramme", "MadangViews", "MadangCrypto", "CMadangCrypto", "GRDB", "Foundation",
      "Dispatch", "Glibc", "Synchronization",
    ],
    "MadangCrypto": ["MadangProgramme", "CMadangCrypto"],
    "MadangJournal": [
      "MadangProgramme", "GRDB", "GRDBSQLite", "MadangCrypto", "Foundation",
      "FoundationEssentials", "Dispatch", "Synchronization", "Glibc",
    ],
    "MadangTransport": [
      "MadangAgent", "MadangCrypto", "MadangProgramme", "Foundation", "Glibc", "Darwin", "NIOCore",
      "NIOHTTP1", "NIOPosix", "NIOSSL",
    ],
    "MadangDocuments": [
      "MadangProgramme", "MadangScheduler", "MadangSimulator", "Yams", "Foundation",
      "FoundationEssentials",
    ],
    "MadangControl": ["MadangProgramme", "MadangScheduler"],
    "MadangEngines": [
      "MadangProgramme", "CMadangProcess", "Foundation", "FoundationEssentials",
      "FoundationNetworking", "Dispatch", "Synchronization", "Glibc",
    ],
    "MadangAgent": ["MadangProgramme", "MadangEngines", "Foundation", "FoundationNetworking"],
    "MadangServer": [
      "MadangProgramme", "MadangControl", "MadangJournal", "MadangEngines", "MadangAgent",
      "MadangAccess", "MadangPages", "MadangTransport", "MadangViews", "Foundation", "Dispatch",
      "Synchronization",
      "MadangCrypto", "HTTPTypes", "Hummingbird", "HummingbirdCore", "HummingbirdTLS", "Logging",
      "NIOHTTPTypes",
      "NIOCore", "NIOSSL", "ServiceLifecycle", "UnixSignals",
    ],
    "madang": [
      "MadangProgramme", "MadangScheduler", "MadangSimulator", "MadangControl", "MadangJournal",
      "MadangDocuments", "MadangEngines", "MadangServer", "MadangAgent", "MadangTransport",
      "MadangViews", "MadangAccess", "ArgumentParser", "Foundation",
      "FoundationEssentials", "Dispatch", "Synchronization", "Glibc",
    ],
    "madang-bench": [
      "MadangProgramme", "MadangScheduler", "MadangSimulator", "MadangJournal", "MadangEngines",
      "MadangAgent", "MadangServer", "GRDB", "Synchronization",
      "Foundation", "Dispatch", "Glibc",
    ],
  ]

  static let pure = [
    "MadangProgramme", "MadangScheduler", "MadangSimulator", "MadangControl", "MadangViews",
  ]

  @Test func `a target imports only what its room may`() throws {
    try check("imports", Tidy.imports)
  }

  @Test func `the pure targets know no clock, no chance, no world and no floating point`() throws {
    try check("purity", Tidy.purity)
  }

  @Test func `nothing walks a dictionary or a set without an order`() throws {
    try check("order", Tidy.order)
  }

  @Test func `lines are at most a hundred wide`() throws {
    try check("width", Tidy.width)
  }

  @Test func `functions are at most seventy lines, and files seven hundred`() throws {
    try check("length", Tidy.length)
  }

  @Test func `nothing is left for later, and nothing forced without saying why`() throws {
    try check("force", Tidy.force)
  }

  @Test func `a source begins with what it is for, or what it imports`() throws {
    try check("opening", Tidy.opening)
  }

  @Test func `every page has one title, and both read-me files the same headings`() throws {
    var faults: [String] = []
    var levels: [String: [Int]] = [:]
    for path in try Files.below("", endingIn: ".md") {
      let headings = Files.headings(try Files.text(path))
      if headings.count(where: { $0 == 1 }) != 1 || headings.first != 1 {
        faults.append("\(path): titles \(headings.count { $0 == 1 })")
      }
      levels[path] = headings
    }
    if let en = levels["README.md"], let ko = levels["README.ko.md"], en != ko {
      faults.append("README.md has headings \(en), README.ko.md \(ko)")
    }
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
  }

  @Test func `exceptions are still needed`() throws {
    for exception in Tidy.allowed {
      let lines = try Files.text(exception.path).split(separator: "\n")
      #expect(
        lines.contains { $0.contains(exception.containing) } && !exception.reason.isEmpty,
        "\(exception.path): \(exception.containing)")
    }
  }

  /// A rule that finds nothing anywhere proves nothing.
  @Test func `every rule finds its fault where there is one`() {
    let wide = String(repeating: "x", count: 101)
    let long = "  func f() {\n" + String(repeating: "    g()\n", count: 70) + "  }\n"
    let faults: [(rule: (SourceFile) -> [(line: Int, what: String)], text: String)] = [
      (Tidy.imports, "public import Foundation"), (Tidy.imports, "import MadangSimulator"),
      (Tidy.purity, "let a = x.hashValue"), (Tidy.purity, "let a: Double = 1"),
      (Tidy.purity, "let a = Int.random(in: 0...1)"), (Tidy.purity, "func f() async {"),
      (Tidy.purity, "let a = ContinuousClock.now"), (Tidy.purity, "list.shuffled()"),
      (Tidy.order, "var a: [Key: Int] = [:]\nfor b in a {"),
      (Tidy.order, "let a = Set(b)\na.map { 1 }"),
      (Tidy.order, "var a: Set<Int> = []\nArray(a)"),
      (Tidy.order, "var a: [Key: Int] = [:]\nfor b in a.values {"),
      (Tidy.width, wide), (Tidy.length, long),
      (Tidy.length, String(repeating: "\n", count: 701)), (Tidy.force, "// TO" + "DO: later"),
      (Tidy.force, "\nlet a = try" + "! b()"), (Tidy.opening, "let a = 1"),
    ]
    for fault in faults {
      let file = SourceFile(path: "Sources/MadangProgramme/A.swift", text: fault.text)
      #expect(!fault.rule(file).isEmpty, "\(fault.text.prefix(60))")
    }
    let fine = """
      /// What it is for. A Double in a comment, and Foundation.
      let a = "import Foundation, hashValue, Double"
      let b: Set<Int> = []
      for c in b.sorted() { f(programme.b.map { $0 }) }
      var generator = Seeded(1)
      generator.draw(Int.random(in: 0...1, using: &generator))
      // A reason: the pattern is a constant.
      let d = try! Regex("a")
      """
    let file = SourceFile(path: "Sources/MadangProgramme/A.swift", text: fine)
    for rule in [
      Tidy.imports, Tidy.purity, Tidy.order, Tidy.width, Tidy.length, Tidy.force, Tidy.opening,
    ] {
      #expect(rule(file).isEmpty, "\(rule(file))")
    }
  }

  // MARK: -

  private func check(
    _ rule: String, _ find: (SourceFile) -> [(line: Int, what: String)]
  ) throws {
    var faults: [String] = []
    let paths =
      try Files.below("Sources", endingIn: ".swift")
      + Files.below("Tests", endingIn: ".swift")
    #expect(paths.count > 50, "the sources were not found")
    for path in paths {
      let file = SourceFile(path: path, text: try Files.text(path))
      for fault in find(file) where !isAllowed(file, rule, fault.line) {
        faults.append("\(path):\(fault.line): \(fault.what)")
      }
    }
    #expect(faults.isEmpty, "\(rule)\n\(faults.joined(separator: "\n"))")
  }

  private func isAllowed(_ file: SourceFile, _ rule: String, _ line: Int) -> Bool {
    Tidy.allowed.contains {
      $0.path == file.path && $0.rule == rule && file.lines[line - 1].contains($0.containing)
    }
  }
}
