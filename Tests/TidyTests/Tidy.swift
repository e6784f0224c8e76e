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
    "MadangSimulator": ["MadangProgramme"],
    "MadangJournal": [
      "MadangProgramme", "GRDB", "CMadangCrypto", "Foundation", "FoundationEssentials", "Dispatch",
      "Synchronization", "Glibc",
    ],
    "MadangDocuments": ["MadangProgramme", "Yams", "Foundation", "FoundationEssentials"],
    "madang": [
      "MadangProgramme", "MadangSimulator", "MadangJournal", "MadangDocuments", "ArgumentParser",
      "Foundation", "FoundationEssentials", "Dispatch", "Synchronization", "Glibc",
    ],
  ]

  static let pure = ["MadangProgramme", "MadangSimulator"]

  @Test func `a target imports only what its room may`() throws {
    try check("imports") { file in
      let target = file.path.split(separator: "/")[1]
      guard file.path.hasPrefix("Sources/"), let may = Tidy.rooms[String(target)] else {
        return file.path.hasPrefix("Sources/") ? [(1, "no room is known for \(target)")] : []
      }
      return file.code.compactMap { line in
        guard let match = line.text.firstMatch(of: Tidy.importing),
          !may.contains(String(match.1))
        else { return nil }
        return (line.number, "\(target) may not import \(match.1)")
      }
    }
  }

  @Test func `the pure targets know no clock, no chance, no world and no floating point`() throws {
    try check("purity") { file in
      guard Tidy.pure.contains(where: { file.path.hasPrefix("Sources/\($0)/") }) else { return [] }
      return file.code.flatMap { line in
        Tidy.impure.filter { line.text.contains($0.word) }
          .map { (line.number, "\($0.name) in a pure target") }
      }
    }
  }

  @Test func `nothing walks a dictionary or a set without an order`() throws {
    try check("order") { file in
      guard file.path.hasPrefix("Sources/") else { return [] }
      let names = file.code.compactMap { $0.text.firstMatch(of: Tidy.unordered).map { String($0.1) } }
      return file.code.flatMap { line -> [(Int, String)] in
        guard !line.text.contains("sorted"), !line.text.contains("min("), !line.text.contains("max(")
        else { return [] }
        return Set(names).sorted().filter { name in
          let text = line.text
          return text.contains(" in \(name) ") || text.contains(" in \(name).keys ")
            || text.contains(" in \(name).values ") || text.contains("\(name).map")
            || text.contains("\(name).forEach") || text.contains("\(name).first ")
            || text.contains("\(name).values.map") || text.contains("\(name).keys.map")
            || text.contains("Array(\(name))")
        }.map { (line.number, "\($0) has no order") }
      }
    }
  }

  @Test func `lines are at most a hundred wide`() throws {
    try check("width") { file in
      file.lines.enumerated().compactMap { index, line in
        line.count > 100 && !line.contains("://") ? (index + 1, "\(line.count) wide") : nil
      }
    }
  }

  @Test func `functions are at most seventy lines, and files seven hundred`() throws {
    try check("length") { file in
      var found = file.functions.filter { $0.length > 70 }
        .map { ($0.line, "\($0.name) has \($0.length) lines") }
      if file.lines.count > 700 { found.append((1, "\(file.lines.count) lines")) }
      return found
    }
  }

  @Test func `nothing is left for later, and nothing forced without saying why`() throws {
    try check("force") { file in
      var found: [(Int, String)] = []
      for (index, line) in file.lines.enumerated() {
        if let match = line.firstMatch(of: Tidy.later) { found.append((index + 1, "\(match.0)")) }
      }
      for line in file.code {
        guard let word = Tidy.forced.first(where: { line.text.contains($0) }) else { continue }
        let above = line.number > 1 ? file.lines[line.number - 2] : ""
        let here = file.lines[line.number - 1]
        if !here.contains("// "), !above.trimmed.hasPrefix("//") {
          found.append((line.number, "\(word) without a comment beside it"))
        }
      }
      return found
    }
  }

  @Test func `a source begins with what it is for, or what it imports`() throws {
    try check("opening") { file in
      guard file.path.hasPrefix("Sources/") else { return [] }
      let first = file.lines.first ?? ""
      let opens = first.hasPrefix("///") || first.contains(Tidy.importing)
        || first.hasPrefix("@testable import")
      return opens ? [] : [(1, first)]
    }
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

  // MARK: -

  private func check(
    _ rule: String, _ find: (SourceFile) -> [(line: Int, what: String)]
  ) throws {
    var faults: [String] = []
    let paths = try Files.below("Sources", endingIn: ".swift")
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
