import MadangProgramme

/// Whether the system would take what a job gives to its process: told before anything is written.
extension LocalJob {
  var unfitPart: LocalPart? {
    switch work {
    case .command(let arguments):
      guard let program = arguments.first, !program.isEmpty, LocalJob.fit(arguments)
      else { return .command }
    case .script(let text, let arguments):
      guard text.utf8.count <= LocalLimits.scriptBytesMax, !text.utf8.contains(0),
        LocalJob.interpreter(of: text) != nil
      else { return .script }
      guard LocalJob.fit(arguments) else { return .command }
    }
    guard environment.keys.allSatisfy({ !$0.isEmpty && !$0.contains("=") }),
      LocalJob.fit([name] + environment.map { "\($0.key)=\($0.value)" }.sorted()),
      bytesTogether <= LocalLimits.textsBytesMax
    else { return .environment }
    guard workingFolder.hasPrefix("/"), LocalJob.fit(path: workingFolder)
    else { return .workingFolder }
    guard LocalJob.fit(path: output), LocalJob.fit(path: error ?? "x") else { return .output }
    guard (1...LocalLimits.timeLimitSecondsMax).contains(timeLimitSeconds ?? 1),
      (0...LocalLimits.graceSecondsMax).contains(graceSeconds),
      (1...Limits.integerMax).contains(processesMax ?? 1)
    else { return .timeLimit }
    return (0...LocalLimits.slotsMax).contains(Int(gpus)) ? nil : .gpus
  }

  /// The program and its arguments as exec takes them. A script is given to its interpreter, never
  /// executed itself: then it may lie where nothing may be executed, and a copy of it that some
  /// other process still has open to write stops nothing.
  func arguments(scriptPath: String) -> [String] {
    switch work {
    case .command(let arguments): arguments
    case .script(let text, let arguments):
      (LocalJob.interpreter(of: text) ?? []) + [scriptPath] + arguments
    }
  }

  /// What stands after `#!`: the interpreter, and all that follows it as one argument, as Linux
  /// reads that line.
  static func interpreter(of script: String) -> [String]? {
    guard script.utf8.starts(with: "#!".utf8) else { return nil }
    let line = script.utf8.dropFirst(2).prefix { $0 != 10 }
    guard !line.contains(13), line.count < 256, let words = String(line) else { return nil }
    let parts = words.split(maxSplits: 1, whereSeparator: { $0 == " " || $0 == "\t" })
    guard let program = parts.first else { return nil }
    let rest = parts.dropFirst().map { String($0.drop(while: { $0 == " " || $0 == "\t" })) }
    return [String(program)] + rest.filter { !$0.isEmpty }
  }

  private static func fit(_ texts: [String]) -> Bool {
    texts.allSatisfy { $0.utf8.count <= LocalLimits.textBytesMax && !$0.utf8.contains(0) }
  }

  private static func fit(path: String) -> Bool {
    !path.isEmpty && path.utf8.count <= LocalLimits.pathBytesMax && !path.utf8.contains(0)
  }

  /// Arguments and variables, each with its zero byte and its pointer.
  private var bytesTogether: Int {
    var bytes = 0
    switch work {
    case .command(let arguments), .script(_, let arguments):
      bytes += arguments.reduce(0) { $0 + $1.utf8.count + 9 }
    }
    return environment.reduce(bytes) { $0 + $1.key.utf8.count + $1.value.utf8.count + 10 }
  }

  /// Its own variables, and what says where it runs.
  func variables(slots: [Int], devices: [Int32]?) -> [String] {
    var all = environment
    if all["PATH"] == nil { all["PATH"] = "/usr/local/bin:/usr/bin:/bin" }
    // Not MADANG_TOKEN, by which the command line signs in.
    all["MADANG_RUN"] = token.hex
    all["MADANG_JOB"] = name
    all["MADANG_ALLOCATION"] = "\(allocation)"
    all["MADANG_GPUS"] = "\(gpus)"
    all["MADANG_SLOTS"] = slots.map { "\($0)" }.joined(separator: ",")
    // Empty for a job without a GPU: it sees none.
    if let devices { all["CUDA_VISIBLE_DEVICES"] = devices.map { "\($0)" }.joined(separator: ",") }
    return all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
  }
}
