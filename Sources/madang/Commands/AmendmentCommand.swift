import ArgumentParser
import MadangProgramme

struct AmendmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "amendment",
    abstract: "Changes of awards: one person drafts them, another approves.",
    discussion: """
      Examples:
        madang amendment draft award-1 --extend-through 2027-05-31 --ground delay
        madang amendment draft award-1 --suspend --ground breach
        madang amendment approve amendment-1 --as officer-approving
      """,
    subcommands: [
      AmendmentList.self, AmendmentDraft.self, AmendmentApprove.self, AmendmentReturn.self,
    ],
    defaultSubcommand: AmendmentList.self)
}

struct AmendmentList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Amendments and what became of them.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listAmendments")
  }
}

struct AmendmentDraft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draft", abstract: "Draft one change of an award; nothing changes yet.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var limit: LimitOptions
  @Argument(help: "award-1") var award: String
  @Option(name: .long, help: ArgumentHelp("A later last day.", valueName: "day"))
  var extendThrough: String?
  @Option(name: .long, help: ArgumentHelp("A later first day that is out.", visibility: .hidden))
  var extendTo: String?
  @Option(name: .long, help: "So many GPUs more.") var supplement: Int64?
  @Option(name: .long, help: "Move this allocation to --cluster.") var transfer: String?
  @Option(name: .long, help: "The cluster to move to.") var cluster: String?
  @Option(name: .long, help: "Give this allocation --gpus or --budget.") var resize: String?
  @Option(
    name: .long, help: "Enforce --gpus or --budget of this allocation for now, beside the award.")
  var override: String?
  @Option(name: .long, help: "End the override of this allocation.") var endOverride: String?
  @Option(name: .long, help: "Ask back what this allocation lends, with the agreed notice.")
  var recall: String?
  @Flag(name: .long, help: "Stop the team's work; its data stays.") var suspend = false
  @Flag(name: .long, help: "Let the team work again.") var resume = false
  @Flag(name: .long, help: "End the award.") var end = false
  @Option(
    name: .long,
    help: ArgumentHelp(
      "\(AmendmentGround.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "ground"))
  var ground: String

  func run() throws {
    let output = common.output
    let changes = changes
    guard changes.count == 1, let change = changes.first else {
      throw Failure.usage(
        output, ko: "한 번에 한 가지 변경만 주십시오.", en: "Give exactly one change.")
    }
    if change.word == "transfer", cluster == nil {
      throw Failure.usage(output, ko: "--cluster를 주십시오.", en: "Give --cluster.")
    }
    let limit =
      ["resize", "override"].contains(change.word)
      ? try limit.words(output) : (gpus: change.gpus, seconds: nil)
    try common.give(
      "draftAmendment",
      [
        "award": award, "change": change.word, "ground": ground,
        "to": try common.dayAfter(extendThrough, or: ("--extend-to", extendTo)),
        "gpus": limit.gpus, "budgetGPUSeconds": limit.seconds, "allocation": change.allocation,
        "cluster": try cluster.map { try common.cluster($0).slug },
      ], write)
  }

  /// A change with what it is about.
  private struct Change {
    let word: String
    var gpus: String?
    var allocation: String?
  }

  private var changes: [Change] {
    var changes: [Change] = []
    if extendThrough ?? extendTo != nil { changes.append(Change(word: "extension")) }
    if let supplement { changes.append(Change(word: "supplement", gpus: "\(supplement)")) }
    if let transfer { changes.append(Change(word: "transfer", allocation: transfer)) }
    if let resize { changes.append(Change(word: "resize", allocation: resize)) }
    if let override { changes.append(Change(word: "override", allocation: override)) }
    if let endOverride { changes.append(Change(word: "overrideEnd", allocation: endOverride)) }
    if let recall { changes.append(Change(word: "recall", allocation: recall)) }
    if suspend { changes.append(Change(word: "suspension")) }
    if resume { changes.append(Change(word: "resumption")) }
    if end { changes.append(Change(word: "end")) }
    return changes
  }
}

struct AmendmentApprove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve a draft of somebody else's: it holds from now on.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "amendment-1") var amendment: String

  func run() throws {
    try common.give("approveAmendment", ["amendment": amendment], write)
  }
}

struct AmendmentReturn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "return", abstract: "Send a draft back: nothing comes of it.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "amendment-1") var amendment: String

  func run() throws {
    try common.give("returnAmendment", ["amendment": amendment], write)
  }
}
