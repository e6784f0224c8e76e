import ArgumentParser
import Foundation
import MadangProgramme
import MadangViews

struct ApplicationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "application",
    abstract: "Applications: submit, change, withdraw, judge, review, and why.",
    discussion: """
      Examples:
        madang application why application-160
        madang application submit round-1 --track academia --organisation organisation-3 \\
          --gpus 16 --models b200 --content proposal.pdf
        madang application review application-7 --points 80,75,90,70 --as reviewer-1
      """,
    subcommands: [
      ApplicationList.self, ApplicationShow.self, ApplicationWhy.self, ApplicationRegister.self,
      ApplicationSubmit.self, ApplicationWithdraw.self, ApplicationJudge.self,
      ApplicationReview.self, ApplicationConflict.self,
    ],
    defaultSubcommand: ApplicationList.self)
}

struct ApplicationList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The applications of a round, in order of receipt.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "round-1; else the newest with applications.") var round: String?

  func run() throws {
    try common.show("listApplications", ["round": try common.roundName(round)])
  }
}

struct ApplicationShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One application, with its receipt.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    try common.show("getApplication", ["application": application])
  }
}

struct ApplicationWhy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Why it was selected or not, recomputed from public facts and its own.",
    discussion: """
      The recorded reason is set beside the one that follows from the public list of the selected, \
      the rules and the application's own ask, score and rank: nobody else's data is needed.
      """)
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
    commandName: "register", abstract: "Register an organisation that wants to apply.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Option(name: .long, help: "university, institute, company, startup or public.") var form: String
  @Option(name: .long, help: "The region's short name.") var region: String

  func run() throws {
    try common.give("registerOrganisation", ["form": form, "region": region], write)
  }
}

struct ApplicationSubmit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit", abstract: "Submit an application, or change one before closing.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String
  @Option(name: .long, help: "The track's short name.") var track: String
  @Option(name: .long, help: "organisation-3") var organisation: String
  @Option(name: .long, help: "GPUs, in whole servers.") var gpus: Int64
  @Option(name: .long, help: "Device models in order of preference, by comma.") var models: String
  @Option(name: .long, help: "First day; else the period's.") var from: String?
  @Option(name: .long, help: "Last day; else the period's.") var through: String?
  @Option(name: .long, help: ArgumentHelp("The day after the last.", visibility: .hidden))
  var to: String?
  @Option(
    name: .long, help: "The application's document: only its digest is recorded.",
    completion: .file())
  var content: String
  @Option(name: .long, help: "Change this application instead.") var revise: String?

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
    commandName: "withdraw", abstract: "Withdraw an application.")
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
    abstract: "Judge eligibility by the round's rules.",
    discussion: "The facts stay here; the ledger gets the verdict and the rules' digest.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String
  @Flag(name: .long, help: "Somebody involved is barred from public programmes.") var barred = false
  @Flag(name: .long, help: "The organisation owes taxes.") var owesTaxes = false

  func run() throws {
    try common.give(
      "judgeEligibility",
      ["application": application, "barred": "\(barred)", "owesTaxes": "\(owesTaxes)"], write)
  }
}

struct ApplicationReview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Give points, one per criterion; again to change them.",
    discussion: """
      Many at once, all or none: --file has a line each, the application and its points. Of one \
      round, and at most 500.

      Examples:
        madang application review application-7 --points 80,75,90,70 --as reviewer-1
        madang application review --round round-1 --file reviews.txt --as reviewer-1
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String?
  @Option(name: .long, help: "0 to 100 per criterion, by comma.") var points: String?
  @Option(name: .long, help: "Many reviews: application-7 80,75,90,70", completion: .file())
  var file: String?
  @Option(name: .long, help: "For --file: round-1; else the newest with applications.")
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
    commandName: "conflict", abstract: "Record that a reviewer must not judge an application.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String
  @Option(name: .long, help: "The reviewer: a name as given with --as.") var reviewer: String
  @Option(name: .long, help: "excluded, challenged or recused.") var ground = "recused"

  func run() throws {
    try common.give(
      "declareConflict",
      ["application": application, "reviewer": reviewer, "ground": ground], write)
  }
}
