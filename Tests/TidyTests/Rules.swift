/// What each rule finds in a file: a line and what is wrong with it.
extension Tidy {
  /// What DESIGN's rooms do not let in.
  static func imports(_ file: SourceFile) -> [(line: Int, what: String)] {
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

  /// Words of the world in targets that are pure.
  static func purity(_ file: SourceFile) -> [(line: Int, what: String)] {
    guard Tidy.pure.contains(where: { file.path.hasPrefix("Sources/\($0)/") }) else { return [] }
    return file.code.flatMap { line in
      // Simple boundaries: by Unicode's, `a.hashValue` would be one word.
      Tidy.impure.filter { line.text.contains($0.word.wordBoundaryKind(.simple)) }
        .map { (line.number, "\($0.name) in a pure target") }
    }
  }

  /// Walks over what has no order, as far as text can tell.
  static func order(_ file: SourceFile) -> [(line: Int, what: String)] {
    guard file.path.hasPrefix("Sources/") else { return [] }
    let names = Set(
      file.code.compactMap { line in
        line.text.firstMatch(of: Tidy.unordered).map { String($0.1) }
      })
    return file.code.flatMap { line -> [(Int, String)] in
      if Tidy.ordering.contains(where: { line.text.contains($0) }) { return [] }
      return line.text.matches(of: Tidy.walking).compactMap { match in
        let name = String(match.1 ?? match.2 ?? match.3 ?? "")
        return names.contains(name) ? (line.number, "\(name) has no order") : nil
      }
    }
  }

  /// Lines wider than a hundred; addresses cannot be broken.
  static func width(_ file: SourceFile) -> [(line: Int, what: String)] {
    file.lines.enumerated().compactMap { index, line in
      line.count > 100 && !line.contains("://") ? (index + 1, "\(line.count) wide") : nil
    }
  }

  /// Functions and files too long to be read at once.
  static func length(_ file: SourceFile) -> [(line: Int, what: String)] {
    var found = file.functions.filter { $0.length > 70 }
      .map { ($0.line, "\($0.name) has \($0.length) lines") }
    if file.lines.count > 700 { found.append((1, "\(file.lines.count) lines")) }
    return found
  }

  /// Notes to oneself; and force without a reason beside it.
  static func force(_ file: SourceFile) -> [(line: Int, what: String)] {
    var found: [(Int, String)] = []
    for (index, line) in file.lines.enumerated() {
      guard line.contains(Tidy.later.wordBoundaryKind(.simple)) else { continue }
      found.append((index + 1, "left for later"))
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

  /// Sources that begin with neither their purpose nor an import.
  static func opening(_ file: SourceFile) -> [(line: Int, what: String)] {
    guard file.path.hasPrefix("Sources/") else { return [] }
    let first = file.lines.first ?? ""
    let opens =
      first.hasPrefix("///") || first.contains(Tidy.importing)
      || first.hasPrefix("@testable import")
    return opens ? [] : [(1, first)]
  }
}
