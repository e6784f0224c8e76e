import MadangProgramme

/// What a script's directives or a command line ask for; whatever they do not say is nothing.
public struct JobOptions: Hashable, Sendable {
  public var name: String?
  public var gpus: Int32?
  /// The device model asked for by its short name, as in `--gpus=h100:4`.
  public var model: String?
  public var timeLimitSeconds: Int64?
  public var array: JobArray?
  public var dependencies: JobDependencies?
  public var output: OutputPattern?
  public var error: OutputPattern?
  public var workingFolder: String?
  /// The allocation to be charged, as it was written.
  public var account: String?
  public var export: JobExport?
  public var requeue: Bool?

  public init() {}

  /// These options where they say something, else the others: a command line over its script.
  public func over(_ other: JobOptions) -> JobOptions {
    var merged = other
    merged.name = name ?? other.name
    merged.gpus = gpus ?? other.gpus
    // A model belongs to its count.
    merged.model = gpus == nil ? other.model : model
    merged.timeLimitSeconds = timeLimitSeconds ?? other.timeLimitSeconds
    merged.array = array ?? other.array
    merged.dependencies = dependencies ?? other.dependencies
    merged.output = output ?? other.output
    merged.error = error ?? other.error
    merged.workingFolder = workingFolder ?? other.workingFolder
    merged.account = account ?? other.account
    merged.export = export ?? other.export
    merged.requeue = requeue ?? other.requeue
    return merged
  }

  /// The job that these options ask for. `name`, `folder` and `environment` are those of whoever
  /// submits; the options choose from them.
  ///
  /// A relative working folder counts from `folder`.
  public func spec(
    _ work: JobWork, name: String, folder: String, environment: [JobVariable]
  ) throws(JobRefusal) -> JobSpec {
    guard let timeLimitSeconds else { throw .noTimeLimit }
    let asked = workingFolder ?? folder
    return try JobSpec(
      name: self.name ?? name, work: work, gpus: gpus ?? 0, timeLimitSeconds: timeLimitSeconds,
      array: array, dependencies: dependencies ?? .none,
      workingFolder: asked.hasPrefix("/") ? asked : "\(folder)/\(asked)",
      output: output ?? .standard, error: error,
      environment: (export ?? .all).chosen(from: environment), requeue: requeue ?? false)
  }
}

/// Which variables of whoever submits a job gets, and which of its own (`--export`).
public struct JobExport: Hashable, Sendable {
  public let everything: Bool
  /// Names taken over from whoever submits.
  public let names: [String]
  /// Set here.
  public let values: [JobVariable]

  public static let all = JobExport(everything: true, names: [], values: [])
  public static let none = JobExport(everything: false, names: [], values: [])

  /// Reads `ALL`, `NONE`, `NIL`, and lists such as `ALL,PATH,STEPS=100`. A value holds no comma.
  public init(_ text: String, line: Int? = nil) throws(JobRefusal) {
    if text == "NONE" || text == "NIL" {
      self = .none
      return
    }
    var names: [String] = []
    var values: [JobVariable] = []
    var everything = false
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      if part == "ALL" {
        everything = true
      } else if let sign = part.firstIndex(of: "="), sign != part.startIndex {
        values.append(JobVariable(String(part[..<sign]), String(part[part.index(after: sign)...])))
      } else if !part.isEmpty, part.first != "=" {
        names.append(String(part))
      } else {
        throw .badValue(option: "--export", value: text, line: line)
      }
    }
    self.init(everything: everything, names: names, values: values)
  }

  private init(everything: Bool, names: [String], values: [JobVariable]) {
    self.everything = everything
    self.names = names
    self.values = values
  }

  /// The variables that a job gets, ascending by name. Of two with one name the one set here wins,
  /// and of two set here the later.
  public func chosen(from environment: [JobVariable]) -> [JobVariable] {
    let taken = environment.filter { everything || names.contains($0.name) }
    var chosen: [String: JobVariable] = [:]
    for variable in taken + values { chosen[variable.name] = variable }
    return chosen.values.sorted { $0.name < $1.name }
  }
}
