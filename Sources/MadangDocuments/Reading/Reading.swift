internal import MadangProgramme

/// One reading of a folder: the faults found so far, the names it defines and the names it uses.
///
/// Uses are checked after everything was read, so that files may refer to each other in any order
/// and one fault never hides another.
final class Reading {
  /// More than this nobody reads; the rest is counted.
  static let diagnosticsMax = 1_000

  /// The page that says what stands in the files.
  let formatPage: String

  init(formatPage: String = "Programmes/README.md") { self.formatPage = formatPage }

  private var diagnostics: [Diagnostic] = []
  private(set) var faultCount = 0
  private var names: [Kind: [String: Place?]] = [:]
  private var uses: [(kind: Kind, name: String, place: Place)] = []
  private var unreadFiles: Set<String> = []

  /// Names that a reading's hints look at: some seconds at worst, where every name of a large file
  /// is unknown.
  private static let comparisonsMax = 200_000
  private var comparisons = 0

  /// The nearest of the names, as long as there is patience for it: a file of thousands of faults
  /// gets no hint for the last of them.
  func near(_ name: String, among names: [String]) -> String? {
    comparisons += names.count
    guard comparisons <= Reading.comparisonsMax else { return nil }
    return nearest(to: name, in: names)
  }

  func fault(_ place: Place, _ message: Wording, hint: Wording) {
    faultCount += 1
    guard faultCount <= Reading.diagnosticsMax else { return }
    diagnostics.append(
      Diagnostic(
        file: place.file, line: place.line, column: place.column, message: message, hint: hint))
  }

  /// Remembers that a file could not be read, so that the names it would define are not missed.
  func markUnread(_ file: String) { unreadFiles.insert(file) }

  /// Runs `body` and gives its result only where it found no fault: what is half read is not
  /// checked further, since that would report one fault twice.
  func sound<Value>(_ body: () -> Value?) -> Value? {
    let before = faultCount
    let value = body()
    return faultCount == before ? value : nil
  }

  /// Gives a name that stands elsewhere, in the journal say.
  func know(_ kind: Kind, _ name: String) { names[kind, default: [:]][name] = .some(nil) }

  func define(_ kind: Kind, _ name: String, _ place: Place) {
    if case .some(let first) = names[kind]?[name] {
      let (ko, en) = (kind.word.ko, kind.word.en)
      let line = first.map { " (\($0.file):\($0.line))" } ?? ""
      fault(
        place,
        Wording(
          ko: "\(ko) ‘\(shown(name))’ 이름이 이미 있습니다\(line).",
          en: "There already is a \(en) ‘\(shown(name))’\(line)."),
        hint: Wording(ko: "다른 이름을 주십시오.", en: "Give it another name."))
      return
    }
    names[kind, default: [:]][name] = .some(place)
  }

  func use(_ kind: Kind, _ name: String, _ place: Place) { uses.append((kind, name, place)) }

  /// Reports every name that is used and not defined.
  func checkUses() {
    for use in uses where names[use.kind]?[use.name] == nil {
      if unreadFiles.contains(use.kind.file) { continue }
      let (ko, en) = (use.kind.word.ko, use.kind.word.en)
      let hint =
        near(use.name, among: names[use.kind].map { Array($0.keys) } ?? []).map(didYouMean)
        ?? Wording(
          ko: "\(use.kind.file)에 있는 이름을 쓰십시오.",
          en: "Use a name that is in \(use.kind.file).")
      fault(
        use.place,
        Wording(
          ko: "\(ko) ‘\(shown(use.name))’ 이름을 찾을 수 없습니다.",
          en: "There is no \(en) ‘\(shown(use.name))’."),
        hint: hint)
    }
    uses = []
  }

  /// Every fault, by file and line.
  var sorted: [Diagnostic] {
    var all = diagnostics.sorted()
    if faultCount > Reading.diagnosticsMax, let last = all.last {
      let left = faultCount - Reading.diagnosticsMax
      all.append(
        Diagnostic(
          file: last.file, line: last.line, column: nil,
          message: Wording(
            ko: "이 밖에 오류가 \(left)건 더 있습니다.", en: "There are \(left) more faults."),
          hint: Wording(
            ko: "앞의 것을 고치고 다시 검사하십시오.", en: "Correct these and check again.")))
    }
    return all
  }
}
