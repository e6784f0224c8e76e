import ArgumentParser
import Foundation
import MadangProgramme
import MadangViews

struct AmendmentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "amendment",
    abstract: "Changes of awards: one person drafts them, another approves.",
    discussion: """
      Examples:
        madang amendment draft award-1 --extend-to 2027-06-01 --ground delay
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
    let output = common.output
    let programme = try Office.read(common)
    var table = Table([
      (output.say(ko: "변경", en: "amendment"), .left), (output.say(ko: "배정", en: "award"), .left),
      (output.say(ko: "내용", en: "change"), .left), (output.say(ko: "사유", en: "ground"), .left),
      (output.say(ko: "상태", en: "state"), .left),
    ])
    var json: [JSON] = []
    programme.amendments.forEach { id, row in
      table.add(
        "\(id)", "\(row.award)", programme.words(for: row.change, output.language),
        row.ground?.name(output.language) ?? "–", row.standing.name(output.language))
      json.append(
        .object([
          ("id", .text("\(id)")), ("award", .text("\(row.award)")),
          ("change", .text(programme.words(for: row.change, output.language))),
          ("ground", .optional(row.ground?.rawValue)), ("standing", .text("\(row.standing)")),
        ]))
    }
    output.print(text: table.text, json: .array(json))
  }
}

struct AmendmentDraft: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "draft", abstract: "Draft one change of an award; nothing changes yet.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var limit: LimitOptions
  @Argument(help: "award-1") var award: String
  @Option(name: .long, help: ArgumentHelp("A later first day that is out.", valueName: "day"))
  var extendTo: String?
  @Option(name: .long, help: "So many GPUs more.") var supplement: Int64?
  @Option(name: .long, help: "Move this allocation to --cluster.") var transfer: String?
  @Option(name: .long, help: "The cluster to move to.") var cluster: String?
  @Option(name: .long, help: "Give this allocation --gpus or --budget.") var resize: String?
  @Option(name: .long, help: "Enforce --gpus or --budget of this allocation for now.")
  var override: String?
  @Option(name: .long, help: "End the override of this allocation.") var endOverride: String?
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
    let office = try Office(common)
    let id = try office.programme.known(award, office.programme.awards, output)
    guard let ground = AmendmentGround(rawValue: ground) else {
      throw Failure.choice(ground, AmendmentGround.allCases.map(\.rawValue), output)
    }
    let changes = try changes(office.programme, output)
    guard changes.count == 1, let change = changes.first else {
      throw Failure.usage(
        output, ko: "한 번에 한 가지 변경만 주십시오.", en: "Give exactly one change.")
    }
    let given = try office.give(.draftAmendment(id, change, ground), write)
    guard case .amendmentDrafted(let body) = given.events.first else { return }
    office.done(
      ko: "\(body.amendment) 기안: \(office.programme.words(for: change, output.language)). "
        + "다른 사람이 승인해야 합니다.",
      en: "Drafted \(body.amendment): \(office.programme.words(for: change, output.language)). "
        + "Somebody else has to approve it.")
  }

  private func changes(_ programme: Programme, _ output: Output) throws -> [AmendmentChange] {
    func allocation(_ text: String) throws -> AllocationID {
      try programme.known(text, programme.allocations, output)
    }
    var changes: [AmendmentChange] = []
    if let extendTo { changes.append(.extension(to: try programme.day(extendTo, output))) }
    if let supplement { changes.append(.supplement(gpus: supplement)) }
    if let transfer {
      guard let cluster else {
        throw Failure.usage(output, ko: "--cluster를 주십시오.", en: "Give --cluster.")
      }
      changes.append(
        .transfer(try allocation(transfer), to: try programme.cluster(cluster, output)))
    }
    if let resize { changes.append(.resize(try allocation(resize), try limit.limit(output))) }
    if let override {
      changes.append(.override(try allocation(override), try limit.limit(output)))
    }
    if let endOverride { changes.append(.overrideEnd(try allocation(endOverride))) }
    if suspend { changes.append(.suspension) }
    if resume { changes.append(.resumption) }
    if end { changes.append(.end) }
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
    let office = try Office(common)
    let id = try office.programme.known(amendment, office.programme.amendments, common.output)
    try office.give(.approveAmendment(id), write)
    office.done(ko: "\(id)을(를) 승인했습니다.", en: "Approved \(id).")
  }
}

struct AmendmentReturn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "return", abstract: "Send a draft back: nothing comes of it.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "amendment-1") var amendment: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.known(amendment, office.programme.amendments, common.output)
    try office.give(.returnAmendment(id), write)
    office.done(ko: "\(id)을(를) 반려했습니다.", en: "Returned \(id).")
  }
}
