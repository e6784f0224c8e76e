import ArgumentParser
import Foundation
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews

struct AllocationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocation",
    abstract: "Allocations: what engines enforce of an award, and what they were found to.",
    discussion: """
      An allocation counts as enforced only when what was read back from its engine equals what \
      it should be.

      Examples:
        madang allocation make award-1 --cluster naver-h200-255 --gpus 32
        madang allocation make award-2 --cluster embedded --budget 100h
        madang allocation list
        madang allocation drift
      """,
    subcommands: [
      AllocationList.self, AllocationShow.self, AllocationDrift.self, AllocationMake.self,
      AllocationConfirm.self, AllocationCheck.self,
    ],
    defaultSubcommand: AllocationList.self)
}

struct AllocationList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Every allocation and whether it is enforced.")
  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: "Only this award's.") var award: String?

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let award = try award.map { try programme.known($0, programme.awards, output) }
    let ids = programme.allocations.ids.filter { id in
      award.map { programme.allocations[id].award == $0 } ?? true
    }
    output.print(
      text: AllocationView.table(ids, programme, output).text,
      json: .array(ids.map { programme.json($0) }))
  }
}

struct AllocationShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One allocation: what it should be, and how it was found.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "allocation-1") var allocation: String

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.known(allocation, programme.allocations, output)
    output.print(
      text: AllocationView.text(id, programme, output),
      json: programme.json(id))
  }
}

struct AllocationDrift: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: "Allocations that were found to be otherwise, or not read back yet.",
    discussion: "Exits with 1 where there is one.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let ids = programme.allocations.ids.filter { id in
      let row = programme.allocations[id]
      return row.standing != .returned
        && (row.drift != nil || row.enforcedGeneration.map { $0 < row.generation } ?? true)
    }
    output.print(
      text: ids.isEmpty
        ? output.say(ko: "모두 설정한 대로입니다.", en: "Everything is as it should be.")
        : AllocationView.table(ids, programme, output).text,
      json: .array(ids.map { programme.json($0) }))
    if !ids.isEmpty { throw ExitCode(1) }
  }
}

struct AllocationMake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: "Allocate of an award at a cluster: GPUs, or a budget of time.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var limit: LimitOptions
  @Argument(help: "award-1") var award: String
  @Option(name: .long, help: "The cluster, by short name.") var cluster: String

  func run() throws {
    let office = try Office(common)
    let output = common.output
    let id = try office.programme.known(award, office.programme.awards, output)
    let cluster = try office.programme.cluster(cluster, output)
    let given = try office.give(.allocate(id, cluster, try limit.limit(output)), write)
    guard case .allocationMade(let body) = given.events.first else { return }
    let slug = office.programme.clusters[cluster].slug
    let words = office.programme.words(for: body.limit, output.language)
    office.done(
      ko: "\(body.allocation): \(slug)에 \(words) 할당. "
        + "엔진에서 읽어 확인되면 적용됩니다.",
      en: "\(body.allocation): \(words) at \(slug). "
        + "It is enforced once it was read back.")
  }
}

struct AllocationConfirm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "The team confirms the servers that the operator's inventory says are its own.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "allocation-1") var allocation: String

  func run() throws {
    let output = common.output
    let office = try YardOffice(common)
    try office.settle()
    let programme = office.yard.journal.programme
    let id = try programme.known(allocation, programme.allocations, output)
    let observed = try output.refusing { () throws(JournalError) in
      try office.yard.operations.observed(programme.allocations[id].cluster)
    }
    let found = observed?.allocations.first { $0.allocation == id }
    guard let found, let assets = found.assets else {
      throw Failure(
        code: "MDG-3012",
        what: output.say(
          ko: "운영사업자의 재고 목록에 \(id)의 서버가 아직 없습니다.",
          en: "The operator's inventory names no server of \(id) yet."),
        help: output.say(
          ko: "운영사업자가 작업 지시를 처리하면 다시 해 보십시오.",
          en: "Try again when the operator has carried out its order."),
        json: output.json)
    }
    try office.give(.confirmHandover(id, assets: assets), by: write.person)
    try office.settle()
    let text = AllocationView.text(id, office.yard.journal.programme, output)
    let json = office.yard.journal.programme.json(id)
    try office.close()
    output.print(text: text, json: json)
  }
}

struct AllocationCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Let the embedded agents apply, read back and report now.",
    discussion: "`madang serve` does this all the time.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let office = try YardOffice(common)
    try office.settle()
    let programme = office.yard.journal.programme
    let troubles = office.yard.troubles
    try office.close()
    for (cluster, trouble) in troubles.sorted(by: { $0.key < $1.key }) {
      output.remark(
        ko: "\(programme.clusters[cluster].slug): \(trouble)",
        en: "\(programme.clusters[cluster].slug): \(trouble)")
    }
    let ids = programme.allocations.ids
    output.print(
      text: AllocationView.table(ids, programme, output).text,
      json: .array(ids.map { programme.json($0) }))
  }
}

/// GPUs of one's own, or a budget of GPU time.
struct LimitOptions: ParsableArguments {
  @Option(name: .long, help: "GPUs of the team's own.") var gpus: Int64?
  @Option(
    name: .long,
    help: ArgumentHelp("GPU time on shared GPUs: 100h, 90m or 3600s.", valueName: "time"))
  var budget: String?

  func limit(_ output: Output) throws -> AllocationLimit {
    switch (gpus, budget) {
    case (let gpus?, nil): return .reserved(gpus: gpus)
    case (nil, let text?):
      let factors: [Character: Int64] = ["h": 3_600, "m": 60, "s": 1]
      guard let unit = text.last, let factor = factors[unit], let count = Int64(text.dropLast()),
        count > 0, let budget = GPUSeconds(gpus: count, seconds: factor)
      else {
        throw Failure.usage(
          output, ko: "‘\(text)’은(는) 이용시간이 아닙니다(예: 100h).",
          en: "‘\(text)’ is no GPU time (such as 100h).")
      }
      return .budget(budget)
    default:
      throw Failure.usage(
        output, ko: "--gpus와 --budget 중 하나를 주십시오.", en: "Give --gpus or --budget.")
    }
  }
}

/// How allocations look, for people and machines.
enum AllocationView {
  static func table(
    _ ids: some Sequence<AllocationID>, _ programme: Programme, _ output: Output
  ) -> Table {
    var table = Table([
      (output.say(ko: "할당", en: "allocation"), .left), (output.say(ko: "배정", en: "award"), .left),
      (output.say(ko: "클러스터", en: "cluster"), .left), (output.say(ko: "한도", en: "limit"), .right),
      (output.say(ko: "부터", en: "from"), .left), (output.say(ko: "전까지", en: "to before"), .left),
      (output.say(ko: "상태", en: "state"), .left),
    ])
    for id in ids {
      let row = programme.allocations[id]
      table.add(
        "\(id)", "\(row.award)", cluster(row.cluster, programme, output),
        programme.words(for: row.binding, output.language), row.term.from.description,
        row.term.to.description,
        programme.standing(of: row, output.language))
    }
    return table
  }

  static func cluster(
    _ id: ClusterID, _ programme: Programme, _ output: Output
  ) -> String {
    let simulated = programme.bindings[id].engine?.simulated ?? false
    return programme.clusters[id].slug.value
      + (simulated ? output.say(ko: " (모의)", en: " (simulated)") : "")
  }

  static func text(_ id: AllocationID, _ programme: Programme, _ output: Output) -> String {
    let row = programme.allocations[id]
    var lines = [
      "\(id): \(row.award), \(cluster(row.cluster, programme, output)), "
        + programme.words(for: row.limit, output.language),
      output.say(
        ko: "\(row.term.from) ~ \(row.term.to) 전", en: "\(row.term.from) to before \(row.term.to)"),
      programme.standing(of: row, output.language),
      output.say(
        ko: "설정 \(row.generation), 확인 \(row.enforcedGeneration.map { "\($0)" } ?? "–")",
        en: "generation \(row.generation), read back "
          + (row.enforcedGeneration.map { "\($0)" } ?? "–")),
    ]
    if let override = row.override {
      lines.append(
        output.say(ko: "예외 적용: ", en: "overridden: ")
          + programme.words(for: override, output.language))
    }
    if let first = row.firstUse {
      lines.append(
        output.say(ko: "처음 쓸 수 있게 된 때 ", en: "usable since ") + output.time(first, programme))
    }
    if row.outage > .zero {
      lines.append(
        output.say(ko: "장애로 잃은 이용시간 ", en: "lost to outages: ") + output.hours(row.outage))
    }
    lines += programme.lendingWords(of: id, output.language)
    lines += programme.leavings(of: id, output.language)
    return lines.joined(separator: "\n")
  }
}

extension Output {
  /// GPU time in hours, to two decimals, cut.
  func hours(_ seconds: GPUSeconds) -> String { seconds.hours(language) }
}
