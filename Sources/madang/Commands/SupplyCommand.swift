import ArgumentParser
import MadangProgramme

struct SupplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supply",
    abstract: .said(
      ko: "약속, 계약, 납품, 가동 물량을 목표와 견줍니다.",
      en: "Promised, contracted, delivered and in service, against the target."),
    discussion: .said(
      examples: """
        madang supply
        madang supply --on 2026-12-31 --json
        madang supply capacity --from 2026-03-01 --through 2027-02-28
        madang supply record line-3 --state delivered --gpus 64 --on 2026-04-01 \\
          --confidence delivered --source msit-2026-02-26
        """),
    subcommands: [
      SupplyShow.self, SupplyCapacity.self, SupplyLine.self, SupplyRecord.self, SupplyUnits.self,
      SupplyMaintenance.self,
    ],
    defaultSubcommand: SupplyShow.self)
}

struct SupplyShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(ko: "어느 날의 물량 상태.", en: "The state of the supply on a day."))

  @OptionGroup var common: CommonOptions
  @Option(
    name: .long,
    help: .said(ko: "날짜. 없으면 사업의 오늘.", en: "The day; else the programme's today.", valueName: "day")
  )
  var on: String?

  func run() throws {
    try common.show("getSupply", ["on": on])
  }
}

struct SupplyCapacity: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: .said(
      ko: "소유기관, 센터, 기종별 날마다 배정 가능한 GPU.",
      en: "Awardable GPUs by day, for each owner, site and model."),
    discussion: .said(
      ko: "가동 − 예비 − 운영사업자 몫 − 점검.",
      en: "In service − spares − operator's share − maintenance."))

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: .said(ko: "이날부터.", en: "From this day.", valueName: "day")) var from:
    String?
  @Option(
    name: .long, help: .said(ko: "이날까지(포함).", en: "To this day, which is in.", valueName: "day"))
  var through: String?
  /// What older scripts give: the day after it.
  @Option(name: .long, help: .hidden) var to: String?
  @Option(
    name: .long, help: .said(ko: "확실성이 이 이상인 단계만 셉니다.", en: "Count only steps at least this sure."))
  var confidence: String = Confidence.announced.rawValue

  func run() throws {
    let to = try common.dayAfter(through, or: ("--to", to))
    try common.needTerm(from, to)
    try common.show("getCapacity", ["from": from, "to": to, "confidence": confidence])
  }
}

struct SupplyLine: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "line",
    abstract: .said(ko: "이행 물량 하나: 단계, 증빙, 자산.", en: "One line with its steps, evidence and units.")
  )

  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "line-2 또는 짧은 이름.", en: "line-2, or its short name.")) var line: String

  func run() throws {
    try common.show("getLine", ["line": try common.lineName(line)])
  }
}
