import ArgumentParser
import Foundation
import MadangJournal
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
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.round(round, output)
    var table = Table([
      (output.say(ko: "신청", en: "application"), .left),
      (output.say(ko: "트랙", en: "track"), .left), ("GPU", .right),
      (output.say(ko: "접수", en: "received"), .left), (output.say(ko: "상태", en: "standing"), .left),
      (output.say(ko: "평가", en: "reviews"), .right),
    ])
    var json: [JSON] = []
    programme.applications.forEach { application, row in
      guard row.round == id else { return }
      table.add(
        "\(application)" + (row.synthetic ? output.say(ko: " (가상)", en: " (synthetic)") : ""),
        row.track.map { programme.tracks[$0].name[output.language] } ?? "–", row.gpus.grouped,
        output.time(row.receivedAt, programme), row.standing.name(output.language),
        "\(row.reviewCount)")
      json.append(programme.json(application))
    }
    output.print(text: table.text, json: .array(json))
  }
}

struct ApplicationShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One application, with its receipt.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.application(application, output)
    output.print(
      text: ApplicationView.text(id, programme, output),
      json: programme.json(id))
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
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.application(application, output)
    guard let ranked = programme.outcomes[id],
      let facts = programme.publicFacts(of: programme.applications[id].round)
    else {
      throw Failure(
        CallRefusal.wrongStage(
          programme.applications[id].round,
          is: programme.rounds[programme.applications[id].round].stage, needed: .published),
        output)
    }
    let own = programme.candidate(id, rules: facts.rules)
    let recomputed = facts.outcome(of: own, rank: ranked.rank)
    let agrees = recomputed.agrees(with: ranked.outcome)
    let (outcome, reason) = programme.words(for: ranked, facts.rules, output.language)
    let again = Ranked(
      application: id, rank: ranked.rank, score: ranked.score, outcome: recomputed)
    let (_, reasonAgain) = programme.words(for: again, facts.rules, output.language)
    let lines = [
      ApplicationView.text(id, programme, output), "",
      output.say(
        ko: "순위 \(ranked.rank), 점수 \(ranked.score.text): \(outcome)",
        en: "Rank \(ranked.rank), score \(ranked.score.text): \(outcome)"),
      output.say(ko: "기록된 사유", en: "Recorded") + ": " + reason,
      output.say(ko: "공개 자료와 본인 자료로 다시 계산", en: "Recomputed from public facts and its own")
        + ": " + reasonAgain
        + (agrees
          ? output.say(ko: " (일치)", en: " (agrees)")
          : output.say(ko: " (불일치!)", en: " (DIFFERS!)")),
    ]
    output.print(
      text: lines.joined(separator: "\n"),
      json: .object([
        ("application", programme.json(ranked)), ("text", .text(reason)),
        ("recomputed", .text(reasonAgain)), ("agrees", .bool(agrees)),
      ]))
    if !agrees { throw ExitCode(1) }
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
    let office = try Office(common)
    guard let form = OrganisationForm(rawValue: form) else {
      throw Failure.choice(form, OrganisationForm.allCases.map(\.rawValue), common.output)
    }
    guard let region = Slug(region) else { throw Failure.unknown(region, common.output) }
    let given = try office.give(
      .registerOrganisation(Organisation(form: form, region: region, synthetic: false)), write)
    guard case .organisationRegistered(let id, _) = given.events.first else { return }
    office.done(ko: "\(id)을(를) 등록했습니다.", en: "Registered \(id).")
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
  @Option(name: .long, help: "The day after the last; else the period's.") var to: String?
  @Option(
    name: .long, help: "The application's document: only its digest is recorded.",
    completion: .file())
  var content: String
  @Option(name: .long, help: "Change this application instead.") var revise: String?

  func run() throws {
    let output = common.output
    let office = try Office(common)
    let programme = office.programme
    let id = try programme.round(round, output)
    let form = try form(id, programme, output)
    let changed = try revise.map { try programme.application($0, output) }
    let given = try office.give(changed.map { .revise($0, form) } ?? .submit(form), write)
    guard let number = given.numbers.first, let body = given.application else { return }
    let application = body.application
    let content = body.content.hex
    let received = office.programme.applications[application].receivedAt
    output.print(
      text: output.say(
        ko:
          "접수증: \(application), 사건 \(number), \(output.time(received, programme)) 접수, "
          + "내용 \(content)",
        en: "Receipt: \(application), event \(number), received "
          + "\(output.time(received, programme)), content \(content)"),
      json: .object([
        ("application", .text("\(application)")), ("event", .int(number)),
        ("received", .int(received.seconds)), ("content", .text(content)),
      ]))
  }

  private func form(
    _ round: RoundID, _ programme: Programme, _ output: Output
  ) throws -> ApplicationForm {
    let state = programme.rounds[round].round
    guard
      let track = programme.tracks.ids.first(where: {
        programme.tracks[$0].call == state.call && programme.tracks[$0].slug.value == self.track
      })
    else { throw Failure.unknown(self.track, output) }
    guard let organisation = OrganisationID(organisation) else {
      throw Failure.unknown(self.organisation, output)
    }
    var wanted: [DeviceModelID] = []
    for name in models.split(separator: ",") {
      guard
        let model = programme.models.ids.first(where: {
          programme.models[$0].slug.value == name
        })
      else { throw Failure.unknown(String(name), output) }
      wanted.append(model)
    }
    let first = try from.map { try programme.day($0, output) } ?? state.period.from
    let last = try to.map { try programme.day($0, output) } ?? state.period.to
    guard let term = Term(from: first, to: last) else {
      throw Failure.usage(output, ko: "--to는 --from 뒤여야 합니다.", en: "--to must come after --from.")
    }
    let digest = try Office.digest(ofFile: content, output)
    return ApplicationForm(
      round: round, track: track, organisation: organisation,
      ask: Ask(models: wanted, gpus: gpus, term: term), content: digest)
  }
}

struct ApplicationWithdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Withdraw an application.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.application(application, common.output)
    try office.give(.withdraw(id), write)
    office.done(ko: "\(id)을(를) 취소했습니다.", en: "Withdrew \(id).")
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
    let output = common.output
    let office = try Office(common)
    let programme = office.programme
    let id = try programme.application(application, output)
    let row = programme.applications[id]
    guard let track = row.track, let organisation = row.organisation else {
      throw Failure.unknown(application, output)
    }
    let rules = programme.rounds[row.round].round.rules
    let facts = EligibilityFacts(
      form: programme.organisations[organisation].form, barred: barred, owesTaxes: owesTaxes)
    let broken = rules.brokenRule(by: facts, in: programme.tracks[track])
    let index = broken.flatMap { rule in rules.eligibility.firstIndex(of: rule) }
    try office.give(
      .judgeEligibility(
        id, brokenRule: index.map { Int32($0) }, ruleSet: Office.digest(of: rules)), write)
    office.done(
      ko: broken.map { "\(id): 신청자격 미충족(\($0.name.ko.value))." } ?? "\(id): 신청자격 충족.",
      en: broken.map { "\(id): not eligible (\($0.name.en.value))." } ?? "\(id): eligible.")
  }
}

struct ApplicationReview: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "Give points, one per criterion; again to change them.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String
  @Option(name: .long, help: "0 to 100 per criterion, by comma.") var points: String

  func run() throws {
    let output = common.output
    let office = try Office(common)
    let id = try office.programme.application(application, output)
    let numbers = points.split(separator: ",", omittingEmptySubsequences: false)
    let values = numbers.compactMap { Int64($0) }
    guard values.count == numbers.count else {
      throw Failure.usage(
        output, ko: "‘\(points)’은(는) 점수 목록이 아닙니다(예: 80,75,90,70).",
        en: "‘\(points)’ is no list of points (such as 80,75,90,70).")
    }
    try office.give(.review(id, points: values), write)
    office.done(ko: "\(id)의 평가를 기록했습니다.", en: "Recorded the review of \(id).")
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
    let office = try Office(common)
    let id = try office.programme.application(application, common.output)
    guard let ground = ConflictGround(rawValue: ground) else {
      throw Failure.choice(ground, ConflictGround.allCases.map(\.rawValue), common.output)
    }
    let person = try office.person(reviewer)
    try office.give(.declareConflict(id, reviewer: person, ground), write)
    office.done(ko: "\(id)의 이해관계를 기록했습니다.", en: "Recorded the conflict of interest for \(id).")
  }
}

extension Office.Given {
  /// The application that was submitted or changed.
  fileprivate var application: ApplicationReceived? {
    switch events.first {
    case .applicationSubmitted(let body), .applicationRevised(let body): body
    default: nil
    }
  }
}

/// How an application looks, for people and machines.
enum ApplicationView {

  static func text(_ id: ApplicationID, _ programme: Programme, _ output: Output) -> String {
    let row = programme.applications[id]
    let models = row.models.list.map { programme.models[$0].name.value }.joined(separator: ", ")
    let track = row.track.map { programme.tracks[$0].name[output.language] } ?? "–"
    let synthetic = row.synthetic ? output.say(ko: " (가상)", en: " (synthetic)") : ""
    return [
      "\(id)\(synthetic): \(track), GPU \(row.gpus), \(models), "
        + row.standing.name(output.language),
      output.say(
        ko: "\(row.term.from) ~ \(row.term.to) 전, \(output.time(row.receivedAt, programme)) 접수",
        en: "\(row.term.from) to before \(row.term.to), received "
          + output.time(row.receivedAt, programme)),
      output.say(ko: "내용", en: "content") + " \(row.content.hex)",
    ].joined(separator: "\n")
  }

}
