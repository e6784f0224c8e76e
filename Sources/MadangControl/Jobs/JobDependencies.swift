public import MadangProgramme

/// What must have become of other jobs before a job may start.
public struct JobDependencies: Hashable, Sendable {
  /// One is enough; else all are needed.
  public let anyIsEnough: Bool
  public let list: [JobDependency]

  public static let none = JobDependencies(anyIsEnough: false, list: [])

  public init(anyIsEnough: Bool, list: [JobDependency]) {
    self.anyIsEnough = anyIsEnough
    self.list = list
  }

  /// Reads Slurm's form: `afterok:12:13,afterany:14` for all, `afterok:12?afternotok:12` for any,
  /// `after:12+5` for five minutes after its start.
  public init(_ text: String, line: Int? = nil) throws(JobRefusal) {
    let fault = JobRefusal.badValue(option: "--dependency", value: text, line: line)
    let anyIsEnough = text.contains("?")
    if anyIsEnough, text.contains(",") { throw fault }
    var list: [JobDependency] = []
    let clauses = text.split(
      separator: anyIsEnough ? "?" : ",", omittingEmptySubsequences: false)
    for clause in clauses {
      let words = clause.split(separator: ":", omittingEmptySubsequences: false)
      guard let kind = JobDependency.Kind(rawValue: String(words[0])), words.count > 1 else {
        throw fault
      }
      for word in words.dropFirst() {
        guard let dependency = JobDependency(kind, word) else { throw fault }
        list.append(dependency)
      }
      guard list.count <= JobLimits.dependenciesMax else {
        throw .tooMany(.dependency, Int64(list.count), limit: Int64(JobLimits.dependenciesMax))
      }
    }
    self.init(anyIsEnough: anyIsEnough, list: list)
  }
}

/// One job, and what must have become of it.
public struct JobDependency: Hashable, Sendable {
  public enum Kind: String, CanonicalWord, Hashable {
    /// It began, or was canceled before.
    case after
    /// It ended, however.
    case afterAny = "afterany"
    /// It ended with status 0.
    case afterOK = "afterok"
    /// It ended otherwise.
    case afterNotOK = "afternotok"
  }

  public let kind: Kind
  public let on: JobTask
  /// How long after its beginning; of `after` alone.
  public let delaySeconds: Int64

  public init(kind: Kind, on: JobTask, delaySeconds: Int64 = 0) {
    self.kind = kind
    self.on = on
    self.delaySeconds = delaySeconds
  }

  /// `12`, `12_3`, and for `after` also `12+5`: minutes.
  init?(_ kind: Kind, _ text: Substring) {
    let parts = text.split(separator: "+", omittingEmptySubsequences: false)
    guard parts.count <= 2, let on = JobTask(String(parts[0])) else { return nil }
    var delay: Int64 = 0
    if parts.count == 2 {
      guard kind == .after, let minutes = decimal(parts[1]),
        minutes <= JobLimits.dependencyDelaySecondsMax / 60
      else { return nil }
      delay = minutes * 60
    }
    self.init(kind: kind, on: on, delaySeconds: delay)
  }
}

extension JobDependencies: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("anyIsEnough", anyIsEnough)
    writer.field("list", list)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    anyIsEnough = try reader.field("anyIsEnough")
    list = try reader.field("list")
  }
}

extension JobDependency: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("delaySeconds", delaySeconds)
    writer.field("kind", kind)
    writer.field("on", on)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    delaySeconds = try reader.field("delaySeconds")
    kind = try reader.field("kind")
    on = try reader.field("on")
  }
}
