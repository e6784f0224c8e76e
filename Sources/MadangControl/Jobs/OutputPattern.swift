public import MadangProgramme

/// A file name with places for what is known only when a job starts.
///
/// `%j` the job's number, with its task's for an array (`12`, `12_3`) · `%A` the job's number ·
/// `%a` the task's · `%x` the job's name · `%%` a percent sign; a number between, as in `%4a`,
/// fills up with zeros.
public struct OutputPattern: Hashable, Sendable {
  public let text: String

  /// Where a job's output goes if it doesn't say.
  public static let standard = OutputPattern(assumingValid: "job-%j.out")

  public init(
    _ text: String, line: Int? = nil, option: String = "--output"
  ) throws(JobRefusal) {
    guard !text.isEmpty, text.utf8.count <= JobLimits.pathBytesMax,
      !text.utf8.contains(where: { $0 < 32 || $0 == 127 })
    else { throw .unfit(.output, line: line) }
    self.init(assumingValid: text)
    guard resolved(JobTask(JobID(1)!, index: 1), name: "") != nil else {
      throw .badValue(option: option, value: text, line: line)
    }
  }

  private init(assumingValid text: String) { self.text = text }

  /// The path for a task; nothing where a `%` has no meaning, which no pattern has that was taken.
  public func resolved(_ task: JobTask, name: String) -> String? {
    var result = ""
    var rest = text[...]
    while let sign = rest.firstIndex(of: "%") {
      result += rest[..<sign]
      rest = rest[rest.index(after: sign)...]
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      // Ten digits are what Slurm fills up to at most.
      guard digits.count <= 2, let letter = rest.dropFirst(digits.count).first,
        let word = OutputPattern.word(letter, task, name)
      else { return nil }
      let width = min(Int(digits) ?? 0, 10)
      result += String(repeating: "0", count: max(0, width - word.utf8.count)) + word
      rest = rest.dropFirst(digits.count + 1)
    }
    return result + rest
  }

  private static func word(_ letter: Character, _ task: JobTask, _ name: String) -> String? {
    switch letter {
    case "%": "%"
    case "j": task.index.map { "\(task.job.number)_\($0)" } ?? "\(task.job.number)"
    case "A": "\(task.job.number)"
    case "a": task.index.map { "\($0)" } ?? "0"
    case "x": name
    default: nil
    }
  }
}

extension OutputPattern: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.text(text) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    self.init(assumingValid: try reader.text())
  }
}
