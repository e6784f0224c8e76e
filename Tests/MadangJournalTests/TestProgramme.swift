import Foundation
import MadangJournal
import MadangProgramme
import MadangSimulator
import Synchronization

/// A small programme, told as the commands that make it: one line of 64 GPUs, one call, one round.
enum TestProgramme {
  /// 2026-01-01 00:00 in Seoul.
  static let start = Instant(1_767_193_200)
  static let opens = at(hours: 24)
  static let closes = at(hours: 24 * 30)
  /// From when asks are public.
  static let lifted = at(hours: 24 * 90)

  static func at(hours: Int64) -> Instant { Instant(start.seconds + hours * 3_600) }
  static func person(_ number: Int64) -> PersonID { PersonID(number)! }
  static let office = person(1)
  static let chief = person(2)

  static func envelope(
    _ command: Command, by person: PersonID = office, at instant: Instant = opens
  ) -> Envelope {
    Envelope(by: person, received: instant, command: command)
  }

  static func request(
    _ command: Command, by person: PersonID = office, at instant: Instant = opens,
    key: String? = nil
  ) -> Request {
    Request(
      envelope(command, by: person, at: instant),
      key: key.flatMap { RequestKey($0, digest: SHA256.hash(Array("\(command)".utf8))) })
  }

  /// `ahead` is how many seconds its zone is ahead of Seoul's.
  static func charter(signature: String = "ed25519", ahead: Int64 = 0, exercise: Bool = true)
    -> Charter
  {
    Charter(
      slug: slug("test"), name: said("시험", "Test"), currency: slug("krw"), dropBelow: 10,
      days: CivilDays(
        zone: "Asia/Seoul", first: Day("2026-01-01")!, firstStart: Instant(start.seconds - ahead),
        dayCount: 730, oddDays: [])!,
      hash: slug("sha256"), signature: slug(signature), exercise: exercise)
  }

  /// Founding and definitions: 13 events.
  static func setUp(signature: String = "ed25519", ahead: Int64 = 0) -> [Request] {
    let definitions: [Definition] = [
      .source(
        SourceID(1),
        Source(
          slug: slug("notice"), title: text("공고 “1차”"), publisher: text("Office"),
          on: day("2026-01-01"), dayKnown: true, url: nil)),
      .party(PartyID(1), Party(slug: slug("state"), name: said("나라", "State"), kind: .ministry)),
      .model(
        DeviceModelID(1), DeviceModel(slug: slug("b200"), name: text("B200"), gpusPerServer: 8)),
      .site(
        SiteID(1),
        Site(
          slug: slug("here"), name: said("여기", "Here"), operatedBy: PartyID(1),
          region: slug("honam"), planned: false)),
      .tranche(
        TrancheID(1),
        Tranche(
          slug: slug("first"), name: said("첫", "First"), owner: PartyID(1), commitment: nil,
          source: SourceID(1))),
      .line(
        LineID(1),
        Line(
          slug: slug("line"), tranche: TrancheID(1), site: SiteID(1), model: DeviceModelID(1),
          operatedBy: nil, gpus: claims(64), operatorShare: nil, spares: 0)),
      .pool(
        PoolID(1),
        Pool(slug: slug("all"), name: said("전체", "All"), parent: nil, share: nil, basis: nil)),
      .call(
        CallID(1),
        Call(
          slug: slug("call"), name: said("공모", "Call"), notice: SourceID(1),
          criteria: ["excellence", "plan"].map {
            Criterion(slug: slug($0), name: said("가", $0), weight: 50)
          })),
      .track(
        TrackID(1),
        Track(
          slug: slug("open"), call: CallID(1), name: said("열린", "Open"), pool: PoolID(1),
          organisations: [.university, .company])),
      .round(RoundID(1), round),
    ]
    let steps: [Command] = [
      .recordStep(
        LineID(1),
        SupplyStep(
          state: .inService, gpus: 64, on: day("2026-01-01"), confidence: .contracted,
          source: SourceID(1), evidence: said("증거\n".trimmed, "Seen"), planned: false))
    ]
    return [request(.found(charter(signature: signature, ahead: ahead)), at: start)]
      + definitions.map { request(.define($0), at: start) } + steps.map { request($0, at: opens) }
      + [request(.registerOrganisation(organisation(1)))]
  }

  static func organisation(_ number: Int) -> Organisation {
    Organisation(
      form: number % 2 == 0 ? .company : .university, region: slug("honam"), synthetic: true)
  }

  static func form(_ organisation: Int, gpus: Int64 = 8) -> ApplicationForm {
    ApplicationForm(
      round: RoundID(1), track: TrackID(1), organisation: OrganisationID(organisation),
      ask: Ask(models: [DeviceModelID(1)], gpus: gpus, term: period),
      content: SHA256.hash(Array("form \(organisation)".utf8)))
  }

  /// A round from beginning to end: `applicants` apply, are judged and reviewed; decided by two
  /// people, published; the first concludes, the second declines, and time passes.
  static func wholeRound(applicants: Int) -> [Request] {
    let ids = (1...applicants).map { ApplicationID($0) }
    var requests: [Request] = []
    for number in 1...applicants {
      // The first one is there already.
      if number > 1 { requests.append(request(.registerOrganisation(organisation(number)))) }
      requests.append(request(.submit(form(number)), by: person(Int64(100 + number))))
    }
    let after = at(hours: 24 * 31)
    for id in ids {
      requests.append(
        request(.judgeEligibility(id, brokenRule: nil, ruleSet: ruleDigest), at: after))
      for reviewer in [11, 12] {
        let points = [Int64(id.number) * 7 % 101, Int64(id.number) * 13 % 101]
        requests.append(
          request(.review(id, points: points), by: person(Int64(reviewer)), at: after))
      }
    }
    requests.append(
      request(.declareConflict(ids[0], reviewer: person(12), .recused), by: person(12), at: after))
    requests.append(request(.draftRound(RoundID(1), rules: rules, ruleSet: ruleDigest), at: after))
    requests.append(request(.approveRound(RoundID(1)), by: chief, at: after))
    requests.append(request(.publishRound(RoundID(1)), by: chief, at: after))
    requests.append(request(.advance(at(hours: 24 * 60)), at: at(hours: 24 * 60)))
    return requests
  }

  static let period = Term(from: day("2026-03-01"), to: day("2026-09-01"))!
  static let ruleDigest = SHA256.hash(Array("rules".utf8))

  static let rules = RuleSet(
    slug: slug("rules"), name: said("규칙", "Rules"), unit: 8, shares: [], unusedShare: .stays,
    minimumScore: 10, regionBonus: [], organisationCap: nil, applicationCap: 64, skips: true,
    reserveCount: nil,
    eligibility: [
      EligibilityRule(slug: slug("form"), name: said("형태", "Form"), test: .organisationInTrack)
    ])

  static let round = Round(
    call: CallID(1), number: 1, opens: opens, closes: closes, period: period,
    acceptance: Round.Acceptance(days: 10, business: false), minimumConfidence: .announced,
    offers: [Round.Offer(line: LineID(1), gpus: claims(64))], rules: rules,
    asksPublicFrom: lifted)

  static func claims(_ gpus: Int64) -> Claims {
    Claims(
      first: Figure(
        value: gpus, confidence: .contracted, source: SourceID(1), on: day("2026-01-01"),
        note: nil))
  }

  static func slug(_ text: String) -> Slug { Slug(text)! }
  // A text of the tests that no rule refuses.
  static func text(_ text: String) -> Text { try! Text(text) }
  static func day(_ text: String) -> Day { Day(text)! }
  static func said(_ ko: String, _ en: String) -> Bilingual {
    Bilingual(ko: text(ko), en: text(en))
  }
}

extension String {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}

/// Salts that a seed decides, so that a journal comes out the same bytes each time.
final class SeededSalts: SaltSource {
  private let generator: Mutex<SeededGenerator>

  init(seed: UInt64) { generator = Mutex(SeededGenerator(seed: seed)) }

  func salt() -> Salt {
    generator.withLock { generator in Salt(high: generator.next(), low: generator.next()) }
  }
}

/// A data folder of its own for one test, gone with it.
final class TestFolder {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "madang-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func + (folder: TestFolder, name: String) -> String { folder.path + "/" + name }

  func open(
    _ change: (inout Journal.Options) -> Void = { _ in }
  ) throws(JournalError) -> Journal {
    var options = Journal.Options()
    options.salts = SeededSalts(seed: 1)
    change(&options)
    return try Journal(folder: path, options: options)
  }

  /// A journal with the set-up and, where asked, a whole round.
  func founded(
    signature: String = "ed25519", applicants: Int = 0, ahead: Int64 = 0
  ) throws -> Journal {
    let journal = try open()
    for reply in try journal.submit(TestProgramme.setUp(signature: signature, ahead: ahead)) {
      _ = try reply.receipt
    }
    if applicants > 0 {
      for reply in try journal.submit(TestProgramme.wholeRound(applicants: applicants)) {
        _ = try reply.receipt
      }
    }
    return journal
  }
}

extension Reply {
  struct Refused: Error, CustomStringConvertible {
    let description: String
  }

  var receipt: Receipt {
    get throws {
      switch self {
      case .accepted(let receipt): return receipt
      case .refused(let refusal): throw Refused(description: refusal.what(.en))
      }
    }
  }

  var refusal: SubmissionRefusal? {
    if case .refused(let refusal) = self { refusal } else { nil }
  }
}
