import Foundation
import MadangViews
import Testing

/// The command line over the API: the same words, the same answers.
@Suite(.serialized)
struct RemoteTests {
  /// A decided round, a contract with its team, an allocation that is enforced; and settled, so
  /// that the server's yard finds nothing to do.
  static func office() throws -> RemoteOffice {
    let desk = try OfficeDesk()
    let gpus = try desk.award()
    try desk.done(
      "allocation", "make", "award-1", "--cluster", "naver-h200-255", "--gpus", "\(gpus)", "--at",
      "2026-03-20T09:00")
    try desk.done("allocation", "check")
    try desk.done("allocation", "confirm", "allocation-1", "--as", "kim")
    try desk.done("allocation", "check")
    let award = try #require(
      try desk.done("award", "show", "award-1", "--json").object()["award"] as? [String: Any])
    let application = try #require(award["application"] as? String)
    let row = try desk.done("application", "show", application, "--json").object()
    let organisation = try #require(row["organisation"] as? String)
    return try RemoteOffice(desk.folder, organisation: organisation, application: application)
  }

  private static let reads = [
    "programme show", "programme", "programme figures", "supply", "supply show --on 2026-12-31",
    "supply capacity --from 2026-03-01 --to 2027-03-01", "supply capacity --confidence contracted",
    "supply line line-3", "supply line naver-h200", "supply line line-99", "supply --on yesterday",
    "call", "application list", "application list round-1", "application show application-7",
    "application show application-9999", "application show nonsense",
    "application why application-160", "application why application-9999", "round", "round list",
    "round show round-1", "round show round-9", "round ranking --selected --limit 20",
    "round ranking --reserve", "round ranking", "round compare", "contract", "contract list",
    "award", "award show award-1", "award show award-2", "award members award-1",
    "amendment list", "lending", "lending list", "allocation", "allocation list --award award-1",
    "allocation show allocation-1", "allocation show allocation-4", "allocation drift",
    "cluster", "cluster work naver-h200-255", "cluster work nowhere",
    "cluster refused naver-h200-255", "cluster refused nowhere",
    "cluster show naver-h200-255", "cluster show cluster-1", "cluster show nowhere",
    "agent", "usage", "usage --by pool --month 2026-03", "usage --by nonsense",
    "usage --month 2026-3", "usage settlements", "account", "account --month 2026-03",
    "account --cluster embedded", "ledger heads", "ledger prove 10", "ledger prove 10 --since 20",
    "ledger prove 99999999", "ledger show 10", "ledger show 99999999",
  ]

  /// Without its numbers.
  private static func timeless(_ text: String) -> String {
    String(text.map { $0.isNumber ? "0" : $0 })
  }

  @Test func `a server answers every read as its folder does, byte for byte`() throws {
    let office = try RemoteTests.office()
    for read in RemoteTests.reads {
      for (language, more) in [("en_US.UTF-8", []), ("ko_KR.UTF-8", []), ("en_US", ["--json"])] {
        let words = office.words(read) + more
        let here = try office.atFolder(words, language: language)
        let there = try office.atServer(words, as: "keeper", language: language)
        // Its yard goes on reading engines back: by right it knows of a later time.
        let isOfEngines = ["cluster show naver-h200-255", "agent"].contains(read)
        #expect(
          isOfEngines
            ? RemoteTests.timeless(here.out) == RemoteTests.timeless(there.out)
            : here.out == there.out, "\(words)")
        #expect(here.error == there.error, "\(words)")
        #expect(here.exitCode == there.exitCode, "\(words)")
        #expect(!(here.out + here.error).isEmpty, "\(words)")
      }
    }
  }
}

/// Decisions over the API.
@Suite(.serialized)
struct RemoteDecisionTests {
  /// Words, who gives them, and what has to be said of them.
  private static let decided: [(words: String, by: String, exit: Int32)] = [
    ("application register --form company --region capital --key k1", "officer", 0),
    ("application register --form company --region capital --key k1", "officer", 0),
    ("application register --form company --region island --key k1", "officer", 1),
    ("application register --form bank --region capital", "officer", 2),
    (
      "supply record line-3 --state delivered --gpus 8 --on 2026-03-01 --confidence delivered "
        + "--source nowhere", "officer", 1
    ),
    (
      "supply record line-99 --state delivered --gpus 8 --on 2026-03-01 --confidence delivered "
        + "--source nowhere", "officer", 1
    ),
    (
      "supply record nhn-b200 --state delivered --gpus 8 --on 2026-03-18 --confidence delivered "
        + "--source chosun-20250515", "officer", 0
    ),
    ("supply units nhn-b200 --servers 1 --first-serial SN-1", "officer", 0),
    ("supply units nhn-b200 --servers 10000000 --first-serial SN-2", "officer", 1),
    (
      "supply maintenance naver-h200 --gpus 8 --from 2026-08-01 --to 2026-08-03 "
        + "--source chosun-20250515", "officer", 0
    ),
    (
      "application submit round-1 --track academia --organisation ORGANISATION --gpus 8 "
        + "--models b200 --content README.md", "kim", 1
    ),
    ("application withdraw APPLICATION", "kim", 1),
    ("application judge application-1 --barred", "officer", 1),
    ("application review application-1 --points 9,9,9,9", "lee", 1),
    ("application review application-1 --points 9,9,101,9", "lee", 2),
    ("application conflict application-1 --reviewer lee", "officer", 1),
    ("round decide round-1", "officer", 1), ("round return round-1", "approver", 1),
    ("round approve round-1", "approver", 1), ("round publish round-1", "officer", 1),
    ("award add-member award-1 --person lee", "kim", 0),
    ("award add-member award-1 --person lee", "kim", 1),
    ("award members award-1", "kim", 0),
    ("award remove-member award-1 --person lee", "kim", 0),
    ("amendment draft award-1 --suspend --ground breach", "keeper", 0),
    ("amendment approve amendment-1", "keeper", 1),
    ("amendment draft award-1 --extend-to 2027-06-01 --suspend --ground delay", "keeper", 2),
    ("amendment draft award-1 --resize allocation-1 --gpus 8 --ground correction", "keeper", 1),
    ("amendment draft award-1 --transfer allocation-1 --ground correction", "keeper", 2),
    ("amendment return amendment-1", "approver", 0),
    (
      "lending offer allocation-1 --gpus 1 --to award-1 --until 2026-06-01 --notice 7", "kim", 1
    ),
    (
      "lending offer allocation-1 --gpus 1 --to award-9 --until 2026-06-01 --notice 7", "kim", 1
    ),
    (
      "lending offer allocation-1 --gpus 1 --to award-1 --until 2026-06-01 --notice 0", "kim", 2
    ),
    ("contract conclude application-9999", "officer", 1),
    ("allocation make award-1 --cluster nowhere --gpus 8", "officer", 1),
    ("allocation make award-1 --cluster embedded --budget nonsense", "officer", 2),
    ("allocation confirm allocation-9", "kim", 1),
    ("usage settle award-1 --month 2026-03 --price nowhere --charge nothing", "officer", 1),
    ("agent revoke agent-99", "officer", 1),
  ]

  @Test func `decisions are the same on a folder and at its server, refusals too`() throws {
    let office = try RemoteTests.office()
    for (line, person, exit) in RemoteDecisionTests.decided {
      let words = office.words(line)
      let reads = words[1] == "members"
      for more in [["--json"], []] where more.isEmpty == (words.count % 2 == 0) {
        let here = try office.atFolder(words + more, as: reads ? nil : person)
        let there = try office.atServer(words + more, as: person)
        #expect(here.out == there.out, "\(words)")
        #expect(here.error == there.error, "\(words)")
        #expect(here.exitCode == exit && there.exitCode == exit, "\(words): \(here.error)")
      }
    }
  }

  @Test func `a round is lived through at a server, each by its own token`() throws {
    let folder = try TemporaryFolder()
    for line in [
      "programme load Programmes/saltmarsh --at 2026-09-01T09:00",
      "application register --form institute --region south-fen",
    ] {
      let run = try CommandLineRun(line.split(separator: " ").map(String.init), data: folder.data)
      #expect(run.exitCode == 0, "\(run.error)")
    }
    let office = try RemoteOffice(
      folder, organisation: "organisation-1", application: "application-1")
    let reviews = folder.url.appendingPathComponent("reviews")
    try Data("application-1 90,80,70\napplication-2 60,60,60\n".utf8).write(to: reviews)
    let submit =
      "application submit round-2 --track weather --organisation organisation-1 --gpus 8 "
      + "--models egret-4 --content README.md --from 2026-12-15"
    let lines: [(String, String)] = [
      ("programme advance --to 2026-10-05T10:00", "officer"), (submit, "kim"), (submit, "kim"),
      (
        submit.replacingOccurrences(of: "--gpus 8", with: "--gpus 12 --revise application-1"), "kim"
      ),
      ("programme advance --to 2026-11-06T10:00", "officer"),
      ("application judge application-1", "officer"),
      ("application judge application-2", "officer"),
      ("application review --round round-2 --file \(reviews.path)", "lee"),
      ("round decide round-2", "officer"), ("round approve round-2", "approver"),
      ("round publish round-2", "officer"), ("application why application-2", "kim"),
      ("contract conclude application-1", "kim"), ("award members award-1", "kim"),
    ]
    for (line, person) in lines {
      let run = try office.atServer(office.words(line), as: person)
      #expect(run.exitCode == 0, "\(line): \(run.error)\(run.out)")
    }
    let awards = try office.atServer(["award", "--json"], as: nil).array()
    #expect(awards.count == 1 && awards.first?["gpus"] as? Int == 12)
    let shown = try office.atServer(["application", "show", "application-1"], as: "kim")
    #expect(shown.out.contains("GPU 12"), "\(shown.out)")
  }

  @Test func `what is for others is refused, and strangers read what is public`() throws {
    let office = try RemoteTests.office()
    let stranger = try office.atServer(["round", "ranking"], as: nil)
    #expect(stranger.exitCode == 1 && stranger.error.hasPrefix("MDG-1828"), "\(stranger.error)")
    let team = try office.atServer(["round", "ranking"], as: "kim", language: "ko_KR.UTF-8")
    #expect(team.exitCode == 1 && team.error.hasPrefix("MDG-1829"), "\(team.error)")
    #expect(team.error.contains("역할"))
    let open = try office.atServer(["application", "list"], as: nil)
    #expect(
      open.exitCode == 0 && open.out.contains("application-7") && !open.out.contains("Academia"))
    let accounts = try office.atServer(["account", "--json"], as: nil)
    #expect(!accounts.out.contains("\"contradicted\": 0"), "\(accounts.out)")
    let asOther = try office.atServer(["round", "approve", "round-1", "--as", "x"], as: "approver")
    #expect(asOther.exitCode == 2 && asOther.error.hasPrefix("MDG-3001"), "\(asOther.error)")
  }

  @Test func `an answer that was lost is asked for again, and nothing is done twice`() throws {
    let office = try RemoteTests.office()
    func organisations() throws -> Int {
      let run = try office.atServer(["ledger", "heads", "--json"], as: "keeper")
      return try #require(run.array().last?["size"] as? Int)
    }
    let proxy = try LosingProxy(to: office.port, losing: 2)
    defer { proxy.stop() }
    let run = try office.atServer(
      ["application", "register", "--form", "company", "--region", "capital", "--json"],
      as: "officer", port: proxy.port)
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(proxy.count == 3)
    let answer = try run.object()
    #expect(answer["replayed"] as? Bool == true && (answer["events"] as? [Int])?.count == 1)
    let lost = try LosingProxy(to: office.port, losing: .max)
    defer { lost.stop() }
    let silent = try office.atServer(["supply"], as: nil, port: lost.port)
    #expect(silent.exitCode == 3 && silent.error.hasPrefix("MDG-1816"), "\(silent.error)")
    #expect(lost.count == 3)
  }

  @Test func `whoever signs in has a token of its own, kept for that server alone`() throws {
    let office = try RemoteTests.office()
    let folder = try TemporaryFolder()
    let environment = [
      "MADANG_SERVER": "http://127.0.0.1:\(office.port)", "LANG": "en_US.UTF-8",
      "XDG_CONFIG_HOME": folder.url.path,
    ]
    let password = folder.url.appendingPathComponent("password")
    try Data("not-the-password\n".utf8).write(to: password)
    let words = ["login", "approver", "--password-file", password.path]
    let wrong = try CommandLineRun(words, environment: environment)
    #expect(wrong.exitCode == 1 && wrong.error.hasPrefix("MDG-19"), "\(wrong.error)")
    try Data((RemoteOffice.password + "\n").utf8).write(to: password)
    let signedIn = try CommandLineRun(words, environment: environment)
    #expect(signedIn.exitCode == 0, "\(signedIn.error)")
    let file = folder.url.appendingPathComponent("madang/tokens/127.0.0.1_\(office.port)")
    let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try !signedIn.out.contains(String(contentsOf: file, encoding: .utf8)))
    let ranking = try CommandLineRun(
      ["round", "ranking", "--limit", "1", "--json"], environment: environment)
    #expect(try ranking.array().count == 1)
  }

  @Test func `an address that is none, and a token that others may read, are not used`() throws {
    for address in ["nowhere", "http://office.example", "ftp://127.0.0.1", "https://h/path"] {
      let run = try CommandLineRun("supply", "--server", address)
      #expect(run.exitCode == 2 && run.error.hasPrefix("MDG-1811"), "\(run.error)")
    }
    let folder = try TemporaryFolder()
    let tokens = folder.url.appendingPathComponent("madang/tokens")
    try FileManager.default.createDirectory(at: tokens, withIntermediateDirectories: true)
    let file = tokens.appendingPathComponent("127.0.0.1_9")
    try Data("madang_x".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file.path)
    let environment = ["XDG_CONFIG_HOME": folder.url.path, "LANG": "en_US.UTF-8"]
    let open = try CommandLineRun(
      ["supply", "--server", "http://127.0.0.1:9"], environment: environment)
    #expect(open.exitCode == 1 && open.error.hasPrefix("MDG-3015"), "\(open.error)")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    let nobody = try CommandLineRun(
      ["supply", "--server", "http://127.0.0.1:9"], environment: environment)
    #expect(nobody.exitCode == 3, "\(nobody.error)")
  }
}
