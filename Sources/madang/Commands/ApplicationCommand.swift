import ArgumentParser
import Foundation
import MadangProgramme
import MadangViews

struct ApplicationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "application",
    abstract: .said(
      ko: "신청: 제출, 변경, 취소, 자격 확인, 평가, 사유.",
      en: "Applications: submit, change, withdraw, judge, review, and why."),
    discussion: .said(
      examples: """
        madang application why application-160
        madang application submit round-1 --track academia --organisation organisation-3 \\
          --gpus 16 --models b200 --content proposal.pdf
        madang application review application-7 --points 80,75,90,70 --as reviewer-1
        """),
    subcommands: [
      ApplicationList.self, ApplicationShow.self, ApplicationWhy.self, ApplicationRegister.self,
      ApplicationSubmit.self, ApplicationWithdraw.self, ApplicationJudge.self,
      ApplicationReview.self, ApplicationConflict.self,
    ],
    defaultSubcommand: ApplicationList.self)
}

struct ApplicationList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: .said(ko: "회차의 신청을 접수 순으로.", en: "The applications of a round, in order of receipt."))
  @OptionGroup var common: CommonOptions
  @Argument(
    help: .said(
      ko: "round-1. 없으면 신청이 있는 가장 새 회차.", en: "round-1; else the newest with applications."))
  var round: String?

  func run() throws {
    try common.show("listApplications", ["round": try common.roundName(round)])
  }
}

struct ApplicationShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(ko: "신청 하나와 접수증.", en: "One application, with its receipt."))
  @OptionGroup var common: CommonOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    try common.show("getApplication", ["application": application])
  }
}

struct ApplicationWhy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: .said(
      ko: "선정되거나 되지 않은 사유를 공개 사실과 자기 자료로 다시 계산합니다.",
      en: "Why it was selected or not, recomputed from public facts and its own."),
    discussion: .said(
      ko: """
        기록된 사유 옆에, 공개된 선정 명단과 규칙, 이 신청의 요청·점수·순위에서 나오는 사유를 놓습니다. 다른 사람의 자료는 필요 없습니다.
        """,
      en: """
        The recorded reason is set beside the one that follows from the public list of the \
        selected, the rules and the application's own ask, score and rank: nobody else's \
        data is needed.
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    try common.show("explainApplication", ["application": application])
    let why = try common.json("explainApplication", ["application": application])
    if case .bool(false) = why["agrees"] { throw ExitCode(1) }
  }
}

struct ApplicationRegister: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: .said(ko: "신청할 수행기관을 등록합니다.", en: "Register an organisation that wants to apply."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Option(
    name: .long,
    help: .said(
      ko: "university(대학), institute(연구소), company(기업), startup(스타트업), public(공공기관).",
      en: "university, institute, company, startup or public.")) var form: String
  @Option(name: .long, help: .said(ko: "지역의 짧은 이름.", en: "The region's short name.")) var region:
    String

  func run() throws {
    try common.give("registerOrganisation", ["form": form, "region": region], write)
  }
}

struct ApplicationSubmit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: .said(
      ko: "신청을 제출하거나 마감 전에 바꿉니다.", en: "Submit an application, or change one before closing."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String
  @Option(name: .long, help: .said(ko: "트랙의 짧은 이름.", en: "The track's short name.")) var track:
    String
  @Option(name: .long, help: "organisation-3") var organisation: String
  @Option(name: .long, help: .said(ko: "GPU 장수, 서버 단위.", en: "GPUs, in whole servers.")) var gpus:
    Int64
  @Option(
    name: .long,
    help: .said(
      ko: "희망하는 GPU 기종을 순서대로, 쉼표로.", en: "Device models in order of preference, by comma."))
  var models: String
  @Option(name: .long, help: .said(ko: "첫날. 없으면 이용 기간의 첫날.", en: "First day; else the period's."))
  var from: String?
  @Option(
    name: .long, help: .said(ko: "마지막 날. 없으면 이용 기간의 것.", en: "Last day; else the period's."))
  var through: String?
  /// What older scripts give: the day after it.
  @Option(name: .long, help: .hidden) var to: String?
  @Option(
    name: .long,
    help: .said(
      ko: "신청서 파일: 해시만 기록합니다.", en: "The application's document: only its digest is recorded."),
    completion: .file())
  var content: String
  @Option(name: .long, help: .said(ko: "이 신청을 대신 바꿉니다.", en: "Change this application instead."))
  var revise: String?

  func run() throws {
    let to = try common.dayAfter(through, or: ("--to", to))
    try common.needTerm(from, to)
    let digest = try Office.digest(ofFile: content, common.output)
    if let revise {
      try common.give(
        "reviseApplication",
        [
          "application": revise, "track": track, "gpus": "\(gpus)", "models": models, "from": from,
          "to": to, "content": digest.hex,
        ], write)
    } else {
      try common.give(
        "submitApplication",
        [
          "round": round, "organisation": organisation, "track": track, "gpus": "\(gpus)",
          "models": models, "from": from, "to": to, "content": digest.hex,
        ], write)
    }
  }
}

struct ApplicationWithdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: .said(ko: "신청을 취소합니다.", en: "Withdraw an application."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    try common.give("withdrawApplication", ["application": application], write)
  }
}

struct ApplicationJudge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: .said(ko: "회차의 규칙으로 신청자격을 확인합니다.", en: "Judge eligibility by the round's rules."),
    discussion: .said(
      ko: """
        사실은 여기에 남고, 대장에는 판정과 규칙의 해시만 갑니다.
        """,
      en: """
        The facts stay here; the ledger gets the verdict and the rules' digest.
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String
  @Flag(
    name: .long,
    help: .said(
      ko: "참여 제한을 받은 사람이 있습니다.", en: "Somebody involved is barred from public programmes."))
  var barred = false
  @Flag(name: .long, help: .said(ko: "수행기관에 체납 세금이 있습니다.", en: "The organisation owes taxes."))
  var owesTaxes = false

  func run() throws {
    try common.give(
      "judgeEligibility",
      ["application": application, "barred": "\(barred)", "owesTaxes": "\(owesTaxes)"], write)
  }
}

struct ApplicationReview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: .said(
      ko: "평가항목마다 점수를 줍니다. 다시 주면 바뀝니다.", en: "Give points, one per criterion; again to change them."
    ),
    discussion: .said(
      ko: """
        여럿을 한꺼번에, 전부 또는 전무로: --file의 줄마다 신청과 점수를 적습니다. 한 회차의 것으로 최대 500줄.
        """,
      en: """
        Many at once, all or none: --file has a line each, the application and its points. \
        Of one round, and at most 500.
        """,
      examples: """
        madang application review application-7 --points 80,75,90,70 --as reviewer-1
        madang application review --round round-1 --file reviews.txt --as reviewer-1
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String?
  @Option(
    name: .long, help: .said(ko: "항목마다 0에서 100까지, 쉼표로.", en: "0 to 100 per criterion, by comma."))
  var points: String?
  @Option(
    name: .long,
    help: .said(
      ko: "여러 평가: application-7 80,75,90,70", en: "Many reviews: application-7 80,75,90,70"),
    completion: .file())
  var file: String?
  @Option(
    name: .long,
    help: .said(
      ko: "--file일 때: round-1. 없으면 신청이 있는 가장 새 회차.",
      en: "For --file: round-1; else the newest with applications."))
  var round: String?

  func run() throws {
    switch (application, points, file) {
    case (let application?, let points?, nil):
      try common.give(
        "reviewApplication", ["application": application, "points": points], write)
    case (nil, nil, let file?):
      try common.give(
        "reviewApplications",
        ["round": try common.roundName(round), "reviews": try text(of: file)], write)
    default:
      throw Failure.usage(
        common.output, ko: "신청과 --points, 또는 --file을 주십시오.",
        en: "Give an application and --points, or --file.")
    }
  }

  private func text(of path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)
    else { throw Failure.unknown(path, common.output) }
    return text
  }
}

struct ApplicationConflict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflict",
    abstract: .said(
      ko: "평가위원이 신청을 평가할 수 없음을 기록합니다.", en: "Record that a reviewer must not judge an application.")
  )
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String
  @Option(
    name: .long,
    help: .said(ko: "평가위원: --as로 주는 이름.", en: "The reviewer: a name as given with --as."))
  var reviewer: String
  @Option(
    name: .long,
    help: .said(
      ko: "excluded(제척), challenged(기피), recused(회피).", en: "excluded, challenged or recused."))
  var ground = "recused"

  func run() throws {
    try common.give(
      "declareConflict",
      ["application": application, "reviewer": reviewer, "ground": ground], write)
  }
}
