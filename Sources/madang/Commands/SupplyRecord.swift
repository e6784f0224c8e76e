import ArgumentParser

struct SupplyRecord: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Record that GPUs of a line came a step further.",
    discussion: """
      Example:
        madang supply record line-3 --state inService --gpus 64 --on 2026-04-01 \\
          --confidence accepted --source msit-2026-02-26
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "line-2, or its short name.") var line: String
  @Option(
    name: .long, help: "contracted, shipped, delivered, accepted, inService or retired.")
  var state: String
  @Option(name: .long, help: "How many GPUs came this far.") var gpus: Int64
  @Option(name: .long, help: ArgumentHelp("On this day.", valueName: "day")) var on: String
  @Option(name: .long, help: "How sure it is: assumed to accepted.") var confidence: String
  @Option(name: .long, help: "The source's short name: madang programme figures.")
  var source: String
  @Option(name: .long, help: "What shows it, in Korean; then in English too.")
  var evidenceKo: String?
  @Option(name: .long, help: "What shows it, in English; then in Korean too.")
  var evidenceEn: String?
  @Flag(name: .long, help: "It is foreseen, not yet done.") var planned = false

  func run() throws {
    try common.give(
      "recordStep",
      [
        "line": try common.lineName(line), "state": state, "gpus": "\(gpus)", "on": on,
        "confidence": confidence, "source": source, "evidenceKo": evidenceKo,
        "evidenceEn": evidenceEn, "planned": "\(planned)",
      ], write)
  }
}

struct SupplyUnits: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "units", abstract: "Register servers of a line, by running serial numbers.",
    discussion: """
      Example:
        madang supply units line-3 --servers 8 --first-serial SN-0001
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "line-2, or its short name.") var line: String
  @Option(name: .long, help: "How many servers.") var servers: Int64
  @Option(name: .long, help: "The first one's serial number.") var firstSerial: String

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
    commandName: "maintenance", abstract: "Schedule days on which GPUs of a line cannot be used.",
    discussion: """
      Example:
        madang supply maintenance line-3 --gpus 64 --from 2026-08-01 --through 2026-08-02 \\
          --source msit-2026-02-26
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "line-2, or its short name.") var line: String
  @Option(name: .long, help: "How many GPUs.") var gpus: Int64
  @Option(name: .long, help: ArgumentHelp("The first day.", valueName: "day")) var from: String
  @Option(name: .long, help: ArgumentHelp("The last day.", valueName: "day"))
  var through: String?
  @Option(name: .long, help: ArgumentHelp("The day after the last.", visibility: .hidden))
  var to: String?
  @Option(name: .long, help: "The source's short name: madang programme figures.")
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
