import ArgumentParser
import Foundation
import MadangDocuments
import MadangProgramme
import MadangSimulator
import MadangViews

private let formatNames = TraceFormat.allCases.map(\.rawValue).joined(separator: ", ")

/// What is simulated: a trace on a fleet, or a scenario.
struct SimulateInput: ParsableArguments {
  @Argument(
    help: .said(
      ko: "기록 파일. .zst로 끝나면 zstd로 풉니다.", en: "A trace; one that ends in .zst is unpacked by zstd."),
    completion: .file())
  var trace: String?
  @Option(name: .long, help: .said(ko: "시나리오(YAML).", en: "A scenario (YAML).", valueName: "file"))
  var scenario: String?
  @Option(
    name: .long,
    help: .said(
      ko: "다른 시나리오: 두 앞날을 나란히 놓아 누가 얻고 잃는지 봅니다.",
      en: "Another scenario, to lay its future beside the first: who gains, who loses.",
      valueName: "file"))
  var against: String?
  @Option(
    name: .long,
    help: .said(
      ko: "기록의 형식: \(formatNames). 없으면 첫 줄들을 보고 정합니다.",
      en: "The trace's format: \(formatNames); else as its first lines look.", valueName: "name"))
  var format: String?
  @Option(
    name: .long,
    help: .said(ko: "같은 노드들, 예: 80x8.", en: "Nodes alike, such as 80x8.", valueName: "NxG"))
  var nodes: String?
  @Option(
    name: .long, help: .said(ko: "노드 표(CSV).", en: "A table of nodes (CSV).", valueName: "file"))
  var fleet: String?
  @Option(
    name: .long, help: .said(ko: "기록에서 이 풀의 작업만.", en: "Only the jobs of this pool of the trace."))
  var pool: String?
  @Option(
    name: .long,
    help: .said(ko: "기록 시각으로 이 초부터의 작업만.", en: "Only jobs from this second of the trace's time on.")
  ) var since: Int64?
  @Option(
    name: .long,
    help: .said(ko: "기록 시각으로 이 초 전의 작업만.", en: "Only jobs before this second of the trace's time."))
  var until: Int64?

  var name: String {
    [scenario, trace].compactMap { $0.map { URL(fileURLWithPath: $0).lastPathComponent } }
      .joined(separator: ", ")
  }

  /// The seed that a scenario names.
  func seed(_ output: Output) -> UInt64? {
    scenario.flatMap { readScenario(at: URL(fileURLWithPath: $0)).scenario?.seed }
  }

  func simulation(_ output: Output, seed: UInt64?) throws -> Simulation {
    try simulation(output, scenario, seed: seed)
  }

  /// The future that is laid beside the first.
  func other(_ output: Output, seed: UInt64?) throws -> Simulation? {
    guard let against else { return nil }
    guard scenario != nil else {
      throw Failure.usage(
        output, ko: "--against는 --scenario와 함께 쓰십시오.", en: "--against goes with --scenario.")
    }
    return try simulation(output, against, seed: seed)
  }

  private func simulation(
    _ output: Output, _ scenario: String?, seed: UInt64?
  ) throws -> Simulation {
    let workload = try trace.map { try jobs($0, output) }
    if let scenario { return try future(scenario, workload, seed, output) }
    guard let workload else {
      throw Failure.usage(
        output, ko: "기록 파일이나 --scenario를 주십시오.", en: "Give a trace, or --scenario.")
    }
    let list = try nodeList(output)
    return Simulation(workload.matched(to: list), on: list)
  }

  /// A scenario; with a trace beside it, its jobs are drawn from the trace's.
  private func future(
    _ path: String, _ shapes: Workload?, _ seed: UInt64?, _ output: Output
  ) throws -> Simulation {
    let (read, faults) = readScenario(at: URL(fileURLWithPath: path))
    guard var scenario = read, faults.isEmpty else {
      Office.print(faults, output)
      throw ExitCode(1)
    }
    if let seed { scenario.seed = seed }
    scenario.shapes = shapes
    guard shapes != nil || !scenario.kinds.isEmpty else {
      throw Failure.usage(
        output, ko: "시나리오에 jobs.kinds가 없으면 기록 파일도 주십시오.",
        en: "A scenario without jobs.kinds wants a trace to draw jobs from.")
    }
    guard !scenario.jobs().submit.isEmpty else {
      throw Failure(TraceFault(line: 1, .empty), output)
    }
    return scenario.simulation()
  }

  private func jobs(_ path: String, _ output: Output) throws -> Workload {
    let bytes = try SimulateInput.bytes(path, output)
    let format: TraceFormat
    if let word = self.format {
      guard let named = TraceFormat(rawValue: word) else {
        throw Failure.choice(word, TraceFormat.allCases.map(\.rawValue), output)
      }
      format = named
    } else {
      format = TraceFormat.guess(bytes)
    }
    var jobs: Workload
    do throws(TraceFault) { jobs = try format.read(bytes) } catch {
      throw SimulateInput.failure(error, in: path, output)
    }
    let file = URL(fileURLWithPath: path).lastPathComponent
    for note in jobs.notes { SimulateView.remark(note, in: file, output) }
    guard pool != nil || since != nil || until != nil else { return jobs }
    if let pool, !jobs.pools.contains(pool) { throw Failure.unknown(pool, output) }
    let ticks = jobs.ticksPerSecond
    func time(_ seconds: Int64?) throws -> Int64? {
      guard let seconds else { return nil }
      let (product, over) = seconds.multipliedReportingOverflow(by: ticks)
      guard !over else { throw Failure.unknown("\(seconds)", output) }
      return product
    }
    jobs = jobs.selecting(pool: pool, from: try time(since), until: try time(until))
    guard jobs.count > 0 else { throw Failure(TraceFault(line: 1, .empty), output) }
    return jobs
  }

  private func nodeList(_ output: Output) throws -> NodeList {
    if let fleet {
      let bytes = try SimulateInput.bytes(fleet, output)
      let list: NodeList
      do throws(TraceFault) { list = try FleetTable.read(bytes) } catch {
        throw SimulateInput.failure(error, in: fleet, output)
      }
      let file = URL(fileURLWithPath: fleet).lastPathComponent
      for note in list.notes { SimulateView.remark(note, in: file, output) }
      return list
    }
    let parts = (nodes ?? "").split(separator: "x", omittingEmptySubsequences: false)
    guard parts.count == 2, let count = Int(parts[0]), let gpus = Int32(parts[1]),
      (1...262_144).contains(count), (1...1_048_576).contains(gpus)
    else {
      throw Failure.usage(
        output, ko: "--nodes 80x8처럼 노드 수와 노드당 GPU 수를 주거나 --fleet을 주십시오.",
        en: "Give nodes and their devices such as --nodes 80x8, or --fleet.")
    }
    return NodeList(count: count, gpus: gpus)
  }

  /// What is wrong with a line, with the file it stands in: two may be read.
  private static func failure(_ fault: TraceFault, in path: String, _ output: Output) -> Failure {
    Failure(
      code: fault.code,
      what: "\(URL(fileURLWithPath: path).lastPathComponent): \(fault.what(output.language))",
      help: fault.help(output.language), json: output.json)
  }

  /// Options that are of no use beside `--scenario`, or without a trace, and were given.
  var idle: [String] {
    var words: [String] = []
    if scenario != nil || fleet != nil, nodes != nil { words.append("--nodes") }
    if scenario != nil, fleet != nil { words.append("--fleet") }
    if trace == nil { words += ofTrace }
    return words
  }

  private var ofTrace: [String] {
    [
      ("--format", format != nil), ("--pool", pool != nil), ("--since", since != nil),
      ("--until", until != nil),
    ].filter(\.1).map(\.0)
  }

  /// Everything that was given.
  var given: [String] {
    [
      ("TRACE", trace != nil), ("--scenario", scenario != nil), ("--against", against != nil),
      ("--nodes", nodes != nil), ("--fleet", fleet != nil),
    ].filter(\.1).map(\.0) + ofTrace
  }

  /// A file's bytes; what is packed is unpacked by the program `zstd`.
  static func bytes(_ path: String, _ output: Output) throws -> [UInt8] {
    guard path.hasSuffix(".zst") else {
      guard let data = FileManager.default.contents(atPath: path) else {
        throw Failure.unknown(path, output)
      }
      return [UInt8](data)
    }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw Failure.unknown(path, output)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["zstd", "-dcq", path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(
        code: "MDG-4010",
        what: output.say(ko: "\(path)을(를) 풀 수 없습니다.", en: "\(path) cannot be unpacked."),
        help: output.say(
          ko: "zstd를 설치하거나 풀어서 주십시오.", en: "Install zstd, or unpack it yourself."),
        json: output.json)
    }
    return [UInt8](data)
  }
}
