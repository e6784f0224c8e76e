import ArgumentParser
import MadangProgramme
import MadangViews

struct LendingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lending",
    abstract: "GPUs that one team lends another for a time: offered, concluded, asked back.",
    discussion: """
      A member of the team that lends offers, a member of the other concludes. What is lent is an \
      allocation of the borrower's until its day; asked back, it ends with the notice that was \
      agreed; given back, at once. The lender has it again once it was wiped.

      Examples:
        madang lending offer allocation-1 --gpus 8 --to award-2 --until 2026-09-01 --notice 7 \
      --as kim
        madang lending conclude lending-1 --as lee
        madang lending end lending-1 --as kim
      """,
    subcommands: [
      LendingList.self, LendingOffer.self, LendingConclude.self, LendingWithdraw.self,
      LendingEnd.self,
    ],
    defaultSubcommand: LendingList.self)
}

struct LendingList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lendings, and what became of them.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    var table = Table([
      (output.say(ko: "대여", en: "lending"), .left), (output.say(ko: "빌려준 할당", en: "of"), .left),
      (output.say(ko: "빌린 배정", en: "to award"), .left), ("GPU", .right),
      (output.say(ko: "전까지", en: "to before"), .left),
      (output.say(ko: "통지 일수", en: "notice"), .right),
      (output.say(ko: "상태", en: "state"), .left),
    ])
    for id in programme.lendings.ids {
      let row = programme.lendings[id]
      table.add(
        "\(id)", "\(row.lender)", "\(row.award)", row.gpus.grouped, "\(row.to)",
        "\(row.noticeDays)", programme.standing(of: row, output.language))
    }
    output.print(
      text: table.text, json: .array(programme.lendings.ids.map { programme.json($0) }))
  }
}

struct LendingOffer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "offer", abstract: "Offer GPUs of an allocation to another award's team.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "allocation-1") var allocation: String
  @Option(name: .long, help: "How many.") var gpus: Int64
  @Option(name: .long, help: ArgumentHelp("Who borrows.", valueName: "award-2")) var to: String
  @Option(name: .long, help: ArgumentHelp("The first day that is out.", valueName: "day"))
  var until: String
  @Option(name: .long, help: ArgumentHelp("Days from asking back to the end.", valueName: "days"))
  var notice: Int64

  func run() throws {
    let output = common.output
    let office = try Office(common)
    let programme = office.programme
    let terms = LendingTerms(
      lender: try programme.known(allocation, programme.allocations, output),
      award: try programme.known(to, programme.awards, output), gpus: gpus,
      to: try programme.day(until, output), noticeDays: notice)
    let given = try office.give([.offerLending(terms)], write)
    guard case .lendingOffered(let body) = given.events.first else { return }
    office.done(
      ko: "\(body.lending): \(terms.award)에 GPU \(gpus)장 대여를 제안했습니다. "
        + "빌리는 팀의 참여인력이 수락해야 합니다.",
      en: "\(body.lending): \(gpus) GPUs offered to \(terms.award). "
        + "A member of its team has to conclude it.")
  }
}

struct LendingConclude: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conclude", abstract: "Take an offer: what is lent is an allocation of yours.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "lending-1") var lending: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.known(lending, office.programme.lendings, common.output)
    let given = try office.give([.concludeLending(id)], write)
    guard case .lendingConcluded(let body) = given.events.first else { return }
    office.done(
      ko: "\(id) 체결: \(body.allocation), \(body.term.to) 전까지. 엔진에서 읽어 확인되면 적용됩니다.",
      en: "Concluded \(id): \(body.allocation), to before \(body.term.to). "
        + "It is enforced once it was read back.")
  }
}

struct LendingWithdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take an offer back that nobody has concluded.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "lending-1") var lending: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.known(lending, office.programme.lendings, common.output)
    try office.give([.withdrawLending(id)], write)
    office.done(ko: "\(id)을(를) 철회했습니다.", en: "Withdrew \(id).")
  }
}

struct LendingEnd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "end",
    abstract: "Ask back what you lend, with notice; or give back what you borrow, at once.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "lending-1") var lending: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.known(lending, office.programme.lendings, common.output)
    let given = try office.give([.endLending(id)], write)
    if case .lendingRecalled(let body) = given.events.first {
      office.done(
        ko: "\(id)을(를) \(body.to) 전까지로 돌려 달라고 통지했습니다.",
        en: "Asked back \(id): it ends before \(body.to).")
    } else {
      office.done(
        ko: "\(id)을(를) 돌려주었습니다. 삭제가 확인되면 빌려준 팀이 다시 씁니다.",
        en: "Gave back \(id). The lender has it again once it was wiped.")
    }
  }
}
