import Foundation

/// A Swift file as text: its lines, its code without comments and strings, its functions.
struct SourceFile {
  let path: String
  let lines: [String]
  /// Lines with comments and the insides of strings taken out.
  let code: [(number: Int, text: String)]

  init(path: String, text: String) {
    self.path = path
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var code: [(Int, String)] = []
    var within = false
    for (index, line) in lines.enumerated() {
      // Texts of several lines: their lines are not code.
      let quotes = line.components(separatedBy: "\"\"\"").count - 1
      defer { if quotes % 2 == 1 { within.toggle() } }
      if within || quotes > 0 { continue }
      code.append((index + 1, SourceFile.bare(line)))
    }
    self.code = code
  }

  /// Name, first line and number of lines of each function: from `func` to the brace that closes at
  /// the same depth of indentation.
  var functions: [(name: String, line: Int, length: Int)] {
    var found: [(String, Int, Int)] = []
    for (index, line) in lines.enumerated() {
      guard let match = line.firstMatch(of: Tidy.function) else { continue }
      let indent = String(line.prefix { $0 == " " })
      guard line.trimmed.hasSuffix("}") == false || !line.contains("{"),
        let end = lines[(index + 1)...].firstIndex(where: { $0 == indent + "}" })
      else { continue }
      found.append((String(match.0).trimmed, index + 1, end - index + 1))
    }
    return found
  }

  /// A line without its comment and without what stands in its strings.
  static func bare(_ line: String) -> String {
    var text = ""
    var inString = false
    var previous: Character = " "
    for character in line {
      if character == "\"", previous != "\\" {
        inString.toggle()
        text.append(character)
      } else if !inString {
        text.append(character)
        if text.hasSuffix("//") { return String(text.dropLast(2)) }
      }
      previous = previous == "\\" && character == "\\" ? " " : character
    }
    return text
  }
}

extension StringProtocol {
  var trimmed: String { trimmingCharacters(in: .whitespaces) }
}

/// The repository's files.
enum Files {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// Paths below a folder, in order; not what is hidden or built.
  static func below(_ folder: String, endingIn suffix: String) throws -> [String] {
    var paths: [String] = []
    let names = try FileManager.default.contentsOfDirectory(
      atPath: root.appendingPathComponent(folder).path)
    for name in names.sorted() where !name.hasPrefix(".") {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(
        atPath: root.appendingPathComponent(path).path, isDirectory: &isFolder)
      if isFolder.boolValue {
        paths += try below(path, endingIn: suffix)
      } else if name.hasSuffix(suffix) {
        paths.append(path)
      }
    }
    return paths
  }

  /// Levels of the headings of a page, outside blocks of code.
  static func headings(_ text: String) -> [Int] {
    var levels: [Int] = []
    var inCode = false
    for line in text.split(separator: "\n") {
      if line.hasPrefix("```") { inCode.toggle() }
      if inCode { continue }
      let marks = line.prefix { $0 == "#" }.count
      if marks > 0, line.dropFirst(marks).hasPrefix(" ") { levels.append(marks) }
    }
    return levels
  }
}
