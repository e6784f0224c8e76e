public import MadangProgramme

/// A job as it was submitted and taken: everything that is needed to run it, within its limits.
public struct JobSpec: Hashable, Sendable {
  public let name: String
  public let work: JobWork
  /// For each task of an array, as is the time limit.
  public let gpus: Int32
  public let timeLimitSeconds: Int64
  public let array: JobArray?
  public let dependencies: JobDependencies
  /// Absolute.
  public let workingFolder: String
  public let output: OutputPattern
  /// Nothing: where the output goes.
  public let error: OutputPattern?
  /// Ascending by name, each once.
  public let environment: [JobVariable]
  /// Whether it may be started anew where it was lost without its own fault.
  public let requeue: Bool

  public init(
    name: String, work: JobWork, gpus: Int32, timeLimitSeconds: Int64, array: JobArray? = nil,
    dependencies: JobDependencies = .none, workingFolder: String,
    output: OutputPattern = .standard, error: OutputPattern? = nil,
    environment: [JobVariable] = [], requeue: Bool = false
  ) throws(JobRefusal) {
    self.name = name
    self.work = work
    self.gpus = gpus
    self.timeLimitSeconds = timeLimitSeconds
    self.array = array
    self.dependencies = dependencies
    self.workingFolder = workingFolder
    self.output = output
    self.error = error
    self.environment = environment.sorted { $0.name < $1.name }
    self.requeue = requeue
    if let fault { throw fault }
  }

  /// The tasks, in the order in which they start.
  public func tasks(of job: JobID) -> [JobTask] {
    array.map { $0.indices.map { JobTask(job, index: $0) } } ?? [JobTask(job)]
  }

  /// What one task could use at most.
  public var forecast: GPUSeconds { GPUSeconds(Int64(gpus) * timeLimitSeconds) }

  /// What all of it could use at most.
  public var forecastOfAll: GPUSeconds {
    GPUSeconds(forecast.count * Int64(array?.indices.count ?? 1))
  }
}

/// What a job runs.
public enum JobWork: Hashable, Sendable {
  case command([String])
  case script(String, arguments: [String])
}

/// One variable of a job's environment.
public struct JobVariable: Hashable, Sendable {
  public let name: String
  public let value: String

  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// Parts of a job that have limits of their own.
public enum JobPart: String, Hashable, Sendable {
  case name, command, script, environment, workingFolder, output, dependency
}

extension JobSpec {
  /// The first thing that cannot be so, in the order of this list.
  private var fault: JobRefusal? {
    if name.isEmpty || name.utf8.count > JobLimits.nameBytesMax || name.contains("/")
      || name.utf8.contains(where: { $0 < 32 || $0 == 127 })
    {
      return .unfit(.name, line: nil)
    }
    if let fault = work.fault { return fault }
    guard (0...JobLimits.gpusMax).contains(gpus) else {
      return .gpusOutOfRange(Int64(gpus), limit: Int64(JobLimits.gpusMax))
    }
    guard (1...JobLimits.timeLimitSecondsMax).contains(timeLimitSeconds) else {
      return .timeOutOfRange(seconds: timeLimitSeconds, limit: JobLimits.timeLimitSecondsMax)
    }
    guard workingFolder.hasPrefix("/"), workingFolder.utf8.count <= JobLimits.pathBytesMax,
      !workingFolder.utf8.contains(0)
    else { return .unfit(.workingFolder, line: nil) }
    return environmentFault
  }

  private var environmentFault: JobRefusal? {
    guard environment.count <= JobLimits.variablesMax else {
      return .tooMany(.environment, Int64(environment.count), limit: Int64(JobLimits.variablesMax))
    }
    var bytes = work.argumentBytes
    for (index, variable) in environment.enumerated() {
      guard variable.isFit, index == 0 || environment[index - 1].name != variable.name else {
        return .unfit(.environment, line: nil)
      }
      bytes += variable.name.utf8.count + variable.value.utf8.count + 10
    }
    return bytes <= JobLimits.textsBytesMax
      ? nil : .tooLong(.environment, bytes: Int64(bytes), limit: Int64(JobLimits.textsBytesMax))
  }
}

extension JobVariable {
  fileprivate var isFit: Bool {
    !name.isEmpty && !name.contains("=") && !name.utf8.contains(0) && !value.utf8.contains(0)
      && name.utf8.count + value.utf8.count < JobLimits.argumentBytesMax
  }
}

extension JobWork {
  fileprivate var arguments: [String] {
    switch self {
    case .command(let arguments), .script(_, let arguments): arguments
    }
  }

  fileprivate var argumentBytes: Int { arguments.reduce(0) { $0 + $1.utf8.count + 9 } }

  fileprivate var fault: JobRefusal? {
    switch self {
    case .command(let arguments):
      if (arguments.first ?? "").isEmpty { return .unfit(.command, line: nil) }
    case .script(let text, _):
      if text.utf8.count > JobLimits.scriptBytesMax {
        return .tooLong(
          .script, bytes: Int64(text.utf8.count), limit: Int64(JobLimits.scriptBytesMax))
      }
      if !text.utf8.starts(with: "#!".utf8) { return .notAScript }
    }
    guard arguments.count <= JobLimits.argumentsMax else {
      return .tooMany(.command, Int64(arguments.count), limit: Int64(JobLimits.argumentsMax))
    }
    for argument in arguments {
      if argument.utf8.contains(0) { return .unfit(.command, line: nil) }
      if argument.utf8.count > JobLimits.argumentBytesMax {
        return .tooLong(
          .command, bytes: Int64(argument.utf8.count), limit: Int64(JobLimits.argumentBytesMax))
      }
    }
    return nil
  }
}
