import ArgumentParser
import Foundation
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews

struct AllocationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allocation",
    abstract: .said(
      ko: "할당: 배정 가운데 엔진이 적용하는 것과 읽어 본 실제값.",
      en: "Allocations: what engines enforce of an award, and what they were found to."),
    discussion: .said(
      ko: """
        엔진에서 읽은 실제값이 설정값과 같을 때에만 적용 확인으로 셉니다.
        """,
      en: """
        An allocation counts as enforced only when what was read back from its engine equals \
        what it should be.
        """,
      examples: """
        madang allocation make award-1 --cluster naver-h200-255 --gpus 32
        madang allocation make award-2 --cluster embedded --budget 100h
        madang allocation list
        madang allocation drift
        """),
    subcommands: [
      AllocationList.self, AllocationShow.self, AllocationDrift.self, AllocationMake.self,
      AllocationConfirm.self, AllocationCheck.self,
    ],
    defaultSubcommand: AllocationList.self)
}

struct AllocationList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: .said(ko: "모든 할당과 적용 확인 여부.", en: "Every allocation and whether it is enforced."))
  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: .said(ko: "이 배정의 것만.", en: "Only this award's.")) var award: String?

  func run() throws {
    try common.show("listAllocations", ["award": award])
  }
}

struct AllocationShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(
      ko: "할당 하나: 설정값과 읽어 본 실제값.", en: "One allocation: what it should be, and how it was found."))
  @OptionGroup var common: CommonOptions
  @Argument(help: "allocation-1") var allocation: String

  func run() throws {
    try common.show("getAllocation", ["allocation": allocation])
  }
}

struct AllocationDrift: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drift",
    abstract: .said(
      ko: "설정값과 다르거나 아직 읽지 못한 할당.",
      en: "Allocations that were found to be otherwise, or not read back yet."),
    discussion: .said(
      ko: "하나라도 있으면 종료 코드 1.",
      en: "Exits with 1 where there is one."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listAllocations", ["only": "drift"])
    let drift = try common.json("listAllocations", ["only": "drift"]).array ?? []
    if !drift.isEmpty { throw ExitCode(1) }
  }
}

struct AllocationMake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: .said(
      ko: "배정을 클러스터에 할당합니다: GPU 또는 이용시간 한도.",
      en: "Allocate of an award at a cluster: GPUs, or a budget of time."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var limit: LimitOptions
  @Argument(help: "award-1") var award: String
  @Option(name: .long, help: .said(ko: "클러스터의 짧은 이름.", en: "The cluster, by short name."))
  var cluster: String

  func run() throws {
    let limit = try limit.words(common.output)
    try common.give(
      "allocate",
      [
        "award": award, "cluster": try common.cluster(cluster).slug, "gpus": limit.gpus,
        "budgetGPUSeconds": limit.seconds,
      ], write)
  }
}

struct AllocationConfirm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: .said(
      ko: "운영사업자 자산 목록에 자기 것으로 적힌 서버를 팀이 확인합니다.",
      en: "The team confirms the servers that the operator's inventory says are its own."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "allocation-1") var allocation: String

  func run() throws {
    switch try common.place() {
    case .folder: try confirmOnFolder()
    case .server: try confirmAtServer()
    }
  }

  /// What was read back is what is confirmed.
  private func confirmAtServer() throws {
    let row = try common.json("getAllocation", ["allocation": allocation])
    let cluster = try common.cluster(row["cluster"]?.text ?? "").id
    let found = try common.json("getCluster", ["cluster": cluster])["allocations"]?.array?
      .first { $0["allocation"]?.text == allocation }
    guard let assets = found?["assets"]?.text else { throw noServers(allocation) }
    _ = try common.decide(
      "confirmHandover", ["allocation": allocation, "assets": assets], write)
    // The office's own work follows within the second, where the cluster's agent is its own.
    for _ in 0..<30 {
      let row = try common.json("getAllocation", ["allocation": allocation])
      if case .bool(true) = row["enforced"] { break }
      Thread.sleep(forTimeInterval: 0.1)
    }
    try common.show("getAllocation", ["allocation": allocation])
  }

  private func noServers(_ allocation: String) -> Failure {
    let output = common.output
    return Failure(
      code: "MDG-3012",
      what: output.say(
        ko: "운영사업자의 재고 목록에 \(allocation)의 서버가 아직 없습니다.",
        en: "The operator's inventory names no server of \(allocation) yet."),
      help: output.say(
        ko: "운영사업자가 작업 지시를 처리하면 다시 해 보십시오.",
        en: "Try again when the operator has carried out its order."),
      json: output.json)
  }

  private func confirmOnFolder() throws {
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
      throw noServers("\(id)")
    }
    try office.give(.confirmHandover(id, assets: assets), by: write.giver, at: write.at)
    try office.settle()
    try office.close()
    try common.show("getAllocation", ["allocation": allocation])
  }
}

struct AllocationCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: .said(
      ko: "내장 에이전트가 지금 적용하고 읽고 보고하게 합니다.",
      en: "Let the embedded agents apply, read back and report now."),
    discussion: .said(
      ko: "`madang serve`는 늘 이 일을 합니다.",
      en: "`madang serve` does this all the time."))
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
    try common.show("listAllocations")
  }
}

/// GPUs of one's own, or a budget of GPU time.
struct LimitOptions: ParsableArguments {
  @Option(name: .long, help: .said(ko: "팀 전용 GPU 장수.", en: "GPUs of the team's own.")) var gpus:
    Int64?
  @Option(
    name: .long,
    help: .said(
      ko: "공용 GPU의 이용시간: 100h, 90m 또는 3600s.", en: "GPU time on shared GPUs: 100h, 90m or 3600s.",
      valueName: "time"))
  var budget: String?

  /// As an operation takes it: GPUs, or GPU-seconds.
  func words(_ output: Output) throws -> (gpus: String?, seconds: String?) {
    switch (gpus, budget) {
    case (let gpus?, nil): return ("\(gpus)", nil)
    case (nil, let text?):
      let factors: [Character: Int64] = ["h": 3_600, "m": 60, "s": 1]
      guard let unit = text.last, let factor = factors[unit], let count = Int64(text.dropLast()),
        count > 0, let budget = GPUSeconds(gpus: count, seconds: factor)
      else {
        throw Failure.usage(
          output, ko: "‘\(text)’은(는) 이용시간이 아닙니다(예: 100h).",
          en: "‘\(text)’ is no GPU time (such as 100h).")
      }
      return (nil, "\(budget.count)")
    default:
      throw Failure.usage(
        output, ko: "--gpus와 --budget 중 하나를 주십시오.", en: "Give --gpus or --budget.")
    }
  }
}
