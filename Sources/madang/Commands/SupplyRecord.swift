import ArgumentParser

struct SupplyRecord: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: .said(
      ko: "물량의 GPU가 한 단계 나아갔음을 기록합니다.", en: "Record that GPUs of a line came a step further."),
    discussion: .said(
      examples: """
        madang supply record line-3 --state inService --gpus 64 --on 2026-04-01 \\
          --confidence accepted --source msit-2026-02-26
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: .said(ko: "line-2 또는 짧은 이름.", en: "line-2, or its short name.")) var line: String
  @Option(
    name: .long,
    help: .said(
      ko: "contracted(계약), shipped(출하), delivered(납품), accepted(검수완료), inService(가동), retired(불용).",
      en: "contracted, shipped, delivered, accepted, inService or retired."))
  var state: String
  @Option(name: .long, help: .said(ko: "이 단계까지 온 GPU 장수.", en: "How many GPUs came this far."))
  var gpus: Int64
  @Option(name: .long, help: .said(ko: "이날.", en: "On this day.", valueName: "day")) var on: String
  @Option(
    name: .long,
    help: .said(ko: "확실성: assumed부터 accepted까지.", en: "How sure it is: assumed to accepted."))
  var confidence: String
  @Option(
    name: .long,
    help: .said(
      ko: "출처의 짧은 이름: madang programme figures.",
      en: "The source's short name: madang programme figures."))
  var source: String
  @Flag(name: .long, help: .said(ko: "예정이며 아직 이루어지지 않았습니다.", en: "It is foreseen, not yet done."))
  var planned = false

  func run() throws {
    try common.give(
      "recordStep",
      [
        "line": try common.lineName(line), "state": state, "gpus": "\(gpus)", "on": on,
        "confidence": confidence, "source": source, "planned": "\(planned)",
      ], write)
  }
}

struct SupplyUnits: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "units",
    abstract: .said(
      ko: "물량의 서버를 연속 일련번호로 등록합니다.", en: "Register servers of a line, by running serial numbers."),
    discussion: .said(
      examples: """
        madang supply units line-3 --servers 8 --first-serial SN-0001
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: .said(ko: "line-2 또는 짧은 이름.", en: "line-2, or its short name.")) var line: String
  @Option(name: .long, help: .said(ko: "서버 대수.", en: "How many servers.")) var servers: Int64
  @Option(name: .long, help: .said(ko: "첫 서버의 일련번호.", en: "The first one's serial number."))
  var firstSerial: String

  func run() throws {
    try common.give(
      "registerUnits",
      [
        "line": try common.lineName(line), "servers": "\(servers)", "firstSerial": firstSerial,
      ], write)
  }
}

struct SupplyMaintenance: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maintenance",
    abstract: .said(
      ko: "물량의 GPU를 쓸 수 없는 날을 정합니다.", en: "Schedule days on which GPUs of a line cannot be used."),
    discussion: .said(
      examples: """
        madang supply maintenance line-3 --gpus 64 --from 2026-08-01 --through 2026-08-02 \\
          --source msit-2026-02-26
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: .said(ko: "line-2 또는 짧은 이름.", en: "line-2, or its short name.")) var line: String
  @Option(name: .long, help: .said(ko: "GPU 장수.", en: "How many GPUs.")) var gpus: Int64
  @Option(name: .long, help: .said(ko: "첫날.", en: "The first day.", valueName: "day")) var from:
    String
  @Option(
    name: .long, help: .said(ko: "마지막 날.", en: "The last day.", valueName: "day"))
  var through: String?
  /// What older scripts give: the day after it.
  @Option(name: .long, help: .hidden) var to: String?
  @Option(
    name: .long,
    help: .said(
      ko: "출처의 짧은 이름: madang programme figures.",
      en: "The source's short name: madang programme figures."))
  var source: String

  func run() throws {
    let to = try common.needDayAfter(through, or: ("--to", to))
    try common.needTerm(from, to)
    try common.give(
      "scheduleMaintenance",
      [
        "line": try common.lineName(line), "gpus": "\(gpus)", "from": from, "to": to,
        "source": source,
      ], write)
  }
}
