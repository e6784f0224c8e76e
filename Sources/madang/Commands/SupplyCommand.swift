import ArgumentParser
import MadangProgramme

struct SupplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supply",
    abstract: "Promised, contracted, delivered and in service, against the target.",
    discussion: """
      Examples:
        madang supply
        madang supply --on 2026-12-31 --json
        madang supply capacity --from 2026-03-01 --through 2027-02-28
        madang supply record line-3 --state delivered --gpus 64 --on 2026-04-01 \\
          --confidence delivered --source msit-2026-02-26
      """,
    subcommands: [
      SupplyShow.self, SupplyCapacity.self, SupplyLine.self, SupplyRecord.self, SupplyUnits.self,
      SupplyMaintenance.self,
    ],
    defaultSubcommand: SupplyShow.self)
}

struct SupplyShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "The state of the supply on a day.")

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: ArgumentHelp("The day; else the programme's today.", valueName: "day"))
  var on: String?

  func run() throws {
    try common.show("getSupply", ["on": on])
  }
}

struct SupplyCapacity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: "Awardable GPUs by day, for each owner, site and model.",
    discussion: "In service − spares − operator's share − maintenance.")

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: ArgumentHelp("From this day.", valueName: "day")) var from: String?
  @Option(name: .long, help: ArgumentHelp("To this day, which is in.", valueName: "day"))
  var through: String?
  @Option(name: .long, help: ArgumentHelp("The day after the last.", visibility: .hidden))
  var to: String?
  @Option(name: .long, help: "Count only steps at least this sure.")
  var confidence: String = Confidence.announced.rawValue

  func run() throws {
    let to = try common.dayAfter(through, or: ("--to", to))
    try common.needTerm(from, to)
    try common.show("getCapacity", ["from": from, "to": to, "confidence": confidence])
  }
}

struct SupplyLine: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "line", abstract: "One line with its steps, evidence and units.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "line-2, or its short name.") var line: String

  func run() throws {
    try common.show("getLine", ["line": try common.lineName(line)])
  }
}
