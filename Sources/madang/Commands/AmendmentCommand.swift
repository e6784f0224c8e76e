import ArgumentParser
import MadangProgramme
import MadangViews

/// `teamRequest (team's request), …`
private func grounds(_ language: Language) -> String {
  AmendmentGround.allCases.map { "\($0.rawValue) (\($0.name(language)))" }.joined(separator: ", ")
}

struct AmendmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "amendment",
    abstract: .said(
      ko: "협약변경: 한 사람이 기안하고 다른 사람이 승인합니다.",
      en: "Changes of awards: one person drafts them, another approves."),
    discussion: .said(
      examples: """
        madang amendment draft award-1 --extend-through 2027-05-31 --ground delay
        madang amendment draft award-1 --suspend --ground breach
        madang amendment approve amendment-1 --as officer-approving
        """),
    subcommands: [
      AmendmentList.self, AmendmentDraft.self, AmendmentApprove.self, AmendmentReturn.self,
    ],
    defaultSubcommand: AmendmentList.self)
}

struct AmendmentList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: .said(ko: "협약변경과 그 결과.", en: "Amendments and what became of them."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listAmendments")
  }
}

struct AmendmentDraft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draft",
    abstract: .said(
      ko: "배정 변경 하나를 기안합니다. 아직 아무것도 바뀌지 않습니다.",
      en: "Draft one change of an award; nothing changes yet."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var limit: LimitOptions
  @Argument(help: "award-1") var award: String
  @Option(
    name: .long,
    help: .said(ko: "더 늦은 마지막 날.", en: "A later last day.", valueName: "day"))
  var extendThrough: String?
  /// What older scripts give: the day after it.
  @Option(name: .long, help: .hidden) var extendTo: String?
  @Option(name: .long, help: .said(ko: "더 배정할 GPU 장수.", en: "So many GPUs more.")) var supplement:
    Int64?
  @Option(
    name: .long, help: .said(ko: "이 할당을 --cluster로 옮깁니다.", en: "Move this allocation to --cluster.")
  ) var transfer: String?
  @Option(name: .long, help: .said(ko: "옮겨 갈 클러스터.", en: "The cluster to move to.")) var cluster:
    String?
  @Option(
    name: .long,
    help: .said(
      ko: "이 할당을 --gpus 또는 --budget으로 바꿉니다.", en: "Give this allocation --gpus or --budget."))
  var resize: String?
  @Option(
    name: .long,
    help: .said(
      ko: "이 할당에 당분간 --gpus 또는 --budget을 배정과 별도로 적용합니다.",
      en: "Enforce --gpus or --budget of this allocation for now, beside the award."))
  var override: String?
  @Option(
    name: .long, help: .said(ko: "이 할당의 임시 적용을 끝냅니다.", en: "End the override of this allocation."))
  var endOverride: String?
  @Option(
    name: .long,
    help: .said(
      ko: "이 할당이 빌려준 것을 약정한 통지 기간을 두고 돌려받습니다.",
      en: "Ask back what this allocation lends, with the agreed notice."))
  var recall: String?
  @Flag(
    name: .long,
    help: .said(ko: "팀의 작업을 멈춥니다. 데이터는 남습니다.", en: "Stop the team's work; its data stays."))
  var suspend = false
  @Flag(name: .long, help: .said(ko: "팀이 다시 작업하게 합니다.", en: "Let the team work again."))
  var resume = false
  @Flag(name: .long, help: .said(ko: "배정을 끝냅니다.", en: "End the award.")) var end = false
  @Option(
    name: .long,
    help: .said(ko: "사유: \(grounds(.ko)).", en: "Why: \(grounds(.en)).", valueName: "ground"))
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
    commandName: "approve",
    abstract: .said(
      ko: "다른 사람의 기안을 승인합니다. 이때부터 효력이 있습니다.",
      en: "Approve a draft of somebody else's: it holds from now on."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "amendment-1") var amendment: String

  func run() throws {
    try common.give("approveAmendment", ["amendment": amendment], write)
  }
}

struct AmendmentReturn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "return",
    abstract: .said(ko: "기안을 반려합니다. 아무것도 바뀌지 않습니다.", en: "Send a draft back: nothing comes of it."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "amendment-1") var amendment: String

  func run() throws {
    try common.give("returnAmendment", ["amendment": amendment], write)
  }
}
