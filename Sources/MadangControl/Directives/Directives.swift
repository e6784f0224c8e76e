public import MadangProgramme

/// What a script asks for in its `#SBATCH` lines.
///
/// They stand above the first command; `##SBATCH` is a comment. The same thing may be said twice,
/// but not differently: Slurm would take the last, and its author would not know.
public struct Directives: Hashable, Sendable {
  public let options: JobOptions
  /// In the order of their lines.
  public let warnings: [DirectiveWarning]

  /// Reads a script. Every byte of it is looked at, for what no job's script can hold.
  ///
  /// Complexity: O(bytes).
  public static func parse(_ script: [UInt8]) throws(JobRefusal) -> Directives {
    guard script.count <= JobLimits.scriptBytesMax else {
      throw .tooLong(
        .script, bytes: Int64(script.count), limit: Int64(JobLimits.scriptBytesMax))
    }
    guard script.starts(with: "#!".utf8) else { throw .notAScript }
    var reader = DirectiveReader()
    var aboveCommands = true
    var number = 0
    for bytes in script.split(separator: 10, omittingEmptySubsequences: false) {
      number += 1
      let line = try text(bytes, number)
      let plain = line.drop { $0 == " " || $0 == "\t" }
      if !plain.isEmpty, !plain.hasPrefix("#") { aboveCommands = false }
      guard line.hasPrefix("#SBATCH"), line.dropFirst(7).first.map({ " \t".contains($0) }) ?? true
      else { continue }
      if aboveCommands {
        try reader.read(line.dropFirst(7), line: number)
      } else {
        reader.warnings.append(.belowCommands(line: number))
      }
    }
    let options = try reader.options()
    // In the order of lines, and within a line in the order in which they were found.
    let ordered = reader.warnings.enumerated().sorted {
      ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
    }
    return Directives(options: options, warnings: ordered.map(\.element))
  }

  private static func text(_ bytes: ArraySlice<UInt8>, _ line: Int) throws(JobRefusal) -> String {
    if bytes.contains(0) { throw .zeroByte(line: line) }
    if bytes.contains(13) { throw .carriageReturn(line: line) }
    // Only lines that can hold directives must be short; a script may carry long data.
    if bytes.starts(with: "#SBATCH".utf8), bytes.count > JobLimits.directiveLineBytesMax {
      throw .lineTooLong(
        line: line, bytes: bytes.count, limit: JobLimits.directiveLineBytesMax)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notText(line: line) }
    return text
  }
}

/// A directive that changes nothing, and why.
public enum DirectiveWarning: Hashable, Sendable {
  /// Slurm's, but of no meaning here.
  case ignored(option: String, line: Int)
  /// No option of Slurm's that we know.
  case unknown(option: String, line: Int)
  /// Behind the first command, where Slurm does not read either.
  case belowCommands(line: Int)
  /// A word that belongs to no option.
  case stray(word: String, line: Int)
  /// A job runs on one machine; its GPUs were added up.
  case oneMachine(nodes: Int64, line: Int)

  public var line: Int {
    switch self {
    case .ignored(_, let line), .unknown(_, let line), .belowCommands(let line),
      .stray(_, let line), .oneMachine(_, let line):
      line
    }
  }

  /// One sentence.
  public func text(_ language: Language) -> String {
    switch self {
    case .ignored(let option, let line):
      said(
        language, ko: "\(line)행: \(option)은(는) 여기서 쓰이지 않아 무시합니다.",
        en: "Line \(line): \(option) has no meaning here and is passed over.")
    case .unknown(let option, let line):
      said(
        language, ko: "\(line)행: \(JobRefusal.shown(option))은(는) 모르는 옵션이라 무시합니다.",
        en: "Line \(line): \(JobRefusal.shown(option)) is not known and is passed over.")
    case .belowCommands(let line):
      said(
        language, ko: "\(line)행: 첫 명령 뒤의 #SBATCH는 읽지 않습니다.",
        en: "Line \(line): #SBATCH behind the first command is not read.")
    case .stray(let word, let line):
      said(
        language, ko: "\(line)행: ‘\(JobRefusal.shown(word))’은(는) 옵션이 아니라 무시합니다.",
        en: "Line \(line): ‘\(JobRefusal.shown(word))’ is no option and is passed over.")
    case .oneMachine(let nodes, let line):
      said(
        language, ko: "\(line)행: 노드 \(nodes)개를 요청했지만 작업은 한 장비에서 실행됩니다.",
        en: "Line \(line): \(nodes) nodes were asked for; the job runs on one machine.")
    }
  }
}
