import MadangProgramme

/// Reads directives one line after the other, and remembers where each thing was said.
struct DirectiveReader {
  /// A value and the line that gave it.
  private struct Given {
    let value: String
    let line: Int
  }

  var warnings: [DirectiveWarning] = []
  private var given: [DirectiveOption: Given] = [:]

  mutating func read(_ text: Substring, line: Int) throws(JobRefusal) {
    var words = try DirectiveWords.words(of: text, line: line)[...]
    while let word = words.popFirst() {
      if word.hasPrefix("--") {
        try readLong(word.dropFirst(2), &words, line)
      } else if word.hasPrefix("-"), word.count > 1 {
        try readShort(word.dropFirst(), &words, line)
      } else {
        warnings.append(.stray(word: word, line: line))
      }
    }
  }

  /// `--name=value`, `--name value`, `--name`.
  private mutating func readLong(
    _ word: Substring, _ words: inout ArraySlice<String>, _ line: Int
  ) throws(JobRefusal) {
    let sign = word.firstIndex(of: "=")
    let name = String(word[..<(sign ?? word.endIndex)])
    let attached = sign.map { String(word[word.index(after: $0)...]) }
    if let option = DirectiveOption(rawValue: name) {
      try take(option, attached, &words, line)
      return
    }
    if IgnoredOption.refused.contains(name) { throw .notHere(option: "--\(name)", line: line) }
    let isKnown = IgnoredOption.valued.contains(name) || IgnoredOption.flags.contains(name)
    warnings.append(
      isKnown
        ? .ignored(option: "--\(name)", line: line) : .unknown(option: "--\(name)", line: line))
    // The value of an option that we do not know is most likely the next word.
    if attached == nil, !IgnoredOption.flags.contains(name) { dropValue(&words) }
  }

  /// `-J name`, `-Jname`.
  private mutating func readShort(
    _ word: Substring, _ words: inout ArraySlice<String>, _ line: Int
  ) throws(JobRefusal) {
    guard let letter = word.first else { return }
    let attached = word.count > 1 ? String(word.dropFirst()) : nil
    if let option = DirectiveOption(letter: letter) {
      try take(option, attached, &words, line)
      return
    }
    if let name = IgnoredOption.refusedLetters[letter] {
      throw .notHere(option: "--\(name)", line: line)
    }
    let isKnown = IgnoredOption.lettersWithValue.contains(letter)
    warnings.append(
      isKnown
        ? .ignored(option: "-\(letter)", line: line) : .unknown(option: "-\(letter)", line: line))
    if attached == nil { dropValue(&words) }
  }

  private mutating func dropValue(_ words: inout ArraySlice<String>) {
    if let next = words.first, !next.hasPrefix("-") { words.removeFirst() }
  }

  private mutating func take(
    _ option: DirectiveOption, _ attached: String?, _ words: inout ArraySlice<String>, _ line: Int
  ) throws(JobRefusal) {
    var value = attached ?? ""
    if option.takesValue, attached == nil {
      guard let next = words.popFirst() else {
        throw .missingValue(option: "--\(option.rawValue)", line: line)
      }
      value = next
    }
    guard !option.takesValue || !value.isEmpty else {
      throw .missingValue(option: "--\(option.rawValue)", line: line)
    }
    if let before = given[option], before.value != value {
      let name = "--\(option.rawValue)"
      throw .contradiction(
        .init(option: name, value: value, line: line),
        other: .init(option: name, value: before.value, line: before.line))
    }
    given[option] = given[option] ?? Given(value: value, line: line)
  }

  // MARK: What they mean together

  mutating func options() throws(JobRefusal) -> JobOptions {
    var options = JobOptions()
    options.name = given[.jobName]?.value
    options.account = given[.account]?.value
    options.workingFolder = given[.chdir]?.value
    if let time = given[.time] { options.timeLimitSeconds = try seconds(time) }
    if let array = given[.array] {
      options.array = try JobArray(array.value, line: array.line)
    }
    if let dependency = given[.dependency] {
      options.dependencies = try JobDependencies(dependency.value, line: dependency.line)
    }
    if let output = given[.output] {
      options.output = try OutputPattern(output.value, line: output.line)
    }
    if let error = given[.error] {
      options.error = try OutputPattern(error.value, line: error.line, option: "--error")
    }
    if let export = given[.export] {
      options.export = try JobExport(export.value, line: export.line)
    }
    if let requeue = given[.requeue], let not = given[.noRequeue] {
      throw .contradiction(
        .init(option: "--no-requeue", value: "", line: not.line),
        other: .init(option: "--requeue", value: "", line: requeue.line))
    }
    if let requeue = given[.requeue] {
      // Kept with the job, but a job is begun once: what was lost is not begun again.
      warnings.append(.ignored(option: "--requeue", line: requeue.line))
      options.requeue = true
    }
    if given[.noRequeue] != nil { options.requeue = false }
    try readGPUs(into: &options)
    return options
  }

  private func seconds(_ time: Given) throws(JobRefusal) -> Int64 {
    if TimeLimit.isUnlimited(time.value) { throw .noTimeLimit }
    guard let seconds = TimeLimit.seconds(time.value) else {
      throw .badValue(option: "--time", value: time.value, line: time.line)
    }
    guard (1...JobLimits.timeLimitSecondsMax).contains(seconds) else {
      throw .timeOutOfRange(seconds: seconds, limit: JobLimits.timeLimitSecondsMax)
    }
    return seconds
  }

  /// A number of GPUs and, where it was said, of which model.
  private struct Count {
    let option: String
    let gpus: Int64
    let model: String?
    let line: Int
    /// As it stands there, and for how many nodes.
    let said: String
  }

  /// The total may be said as such, as a generic resource, or for each node; all must agree.
  private mutating func readGPUs(into options: inout JobOptions) throws(JobRefusal) {
    let nodes = try nodeCount()
    var counts: [Count] = []
    if let total = given[.gpus] { counts.append(try count(total, "--gpus", total.value[...])) }
    if let gres = given[.gres] {
      for item in gres.value.split(separator: ",") where item == "gpu" || item.hasPrefix("gpu:") {
        let value = item == "gpu" ? "1" : item.dropFirst(4)
        counts.append(try count(gres, "--gres", value, times: nodes))
      }
      if counts.isEmpty || !gres.value.contains("gpu") {
        warnings.append(.ignored(option: "--gres=\(JobRefusal.shown(gres.value))", line: gres.line))
      }
    }
    if let each = given[.gpusPerNode] {
      counts.append(try count(each, "--gpus-per-node", each.value[...], times: nodes))
    }
    guard let first = counts.first else { return }
    for other in counts.dropFirst()
    where other.gpus != first.gpus
      || (other.model != nil && first.model != nil && other.model != first.model)
    {
      throw .contradiction(
        .init(option: other.option, value: other.said, line: other.line),
        other: .init(option: first.option, value: first.said, line: first.line))
    }
    options.gpus = Int32(first.gpus)
    options.model = counts.compactMap(\.model).first
  }

  /// `4`, `h100:4`.
  private func count(
    _ given: Given, _ option: String, _ value: Substring, times nodes: Int64 = 1
  ) throws(JobRefusal) -> Count {
    let parts = value.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, let last = parts.last, let gpus = decimal(last),
      parts.count == 1 || !parts[0].isEmpty
    else { throw .badValue(option: option, value: given.value, line: given.line) }
    // Compared before they are multiplied.
    guard gpus <= Int64(JobLimits.gpusMax), gpus * nodes <= Int64(JobLimits.gpusMax) else {
      throw .gpusOutOfRange(gpus, limit: Int64(JobLimits.gpusMax))
    }
    return Count(
      option: option, gpus: gpus * nodes, model: parts.count == 2 ? String(parts[0]) : nil,
      line: given.line, said: nodes > 1 ? "\(value) × \(nodes)" : "\(value)")
  }

  private mutating func nodeCount() throws(JobRefusal) -> Int64 {
    guard let nodes = given[.nodes] else { return 1 }
    // `2-4`: at least two; the least is what a job surely gets.
    let least = nodes.value.prefix { $0 != "-" }
    guard let count = decimal(least), (1...Int64(JobLimits.gpusMax)).contains(count) else {
      throw .badValue(option: "--nodes", value: nodes.value, line: nodes.line)
    }
    if count > 1 { warnings.append(.oneMachine(nodes: count, line: nodes.line)) }
    return count
  }
}
