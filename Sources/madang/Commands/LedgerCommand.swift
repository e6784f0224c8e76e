import ArgumentParser
import Foundation
import MadangJournal
import MadangProgramme
import MadangViews

struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger",
    abstract: .said(ko: "기록을 검증하고 내보내고 증명합니다.", en: "Verify, export and prove the record."),
    discussion: .said(
      ko: """
        내보낸 것은 누구나 파이썬 한 쪽으로 확인할 수 있습니다: docs/verify-the-ledger.md.
        """,
      en: """
        Anyone can check an export with a page of Python: docs/verify-the-ledger.md.
        """,
      examples: """
        madang ledger verify
        madang ledger export out --as public
        madang ledger export out --as party --party organisation-17
        madang ledger prove 1200 --since 1000
        """),
    subcommands: [
      LedgerVerify.self, LedgerHeads.self, LedgerExport.self, LedgerProve.self, LedgerShow.self,
    ],
    defaultSubcommand: LedgerVerify.self)
}

struct LedgerVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: .said(
      ko: "모든 해시, 공개값, 뿌리, 서명을 다시 계산하고 재현합니다.",
      en: "Recompute every hash, opening, head and signature, and replay."))
  @OptionGroup var common: CommonOptions
  @Option(
    name: .customLong("public-key"),
    help: .said(
      ko: "다른 경로로 받은 사무국의 공개키.", en: "The office's public key, where you have it from elsewhere.",
      valueName: "hex"))
  var publicKey: String?

  func run() throws {
    let output = common.output
    let ledger = try Office.ledger(common)
    let (report, signed) = try output.refusing { () throws(JournalError) in
      let report = try ledger.verify(key: publicKey, progress: { Office.report($0, output) })
      return (report, try ledger.newestHead()?.size ?? 0)
    }
    let unsigned = report.events - signed
    output.print(
      text: output.say(
        ko:
          "온전합니다: 사건 \(report.events)건, 공개값 \(report.openings)개, 서명 \(report.heads)개, "
          + "뿌리 해시 \(report.root.hex)",
        en: "Whole: \(counted(report.events, "event")), \(counted(report.openings, "opening")), "
          + "\(counted(report.heads, "head")), "
          + "root \(report.root.hex)")
        + (report.key.map { "\n" + output.say(ko: "공개키", en: "Public key") + " \($0)" } ?? "")
        + (unsigned == 0
          ? ""
          : "\n"
            + output.say(
              ko: "마지막 \(unsigned)건은 아직 서명되지 않았습니다.",
              en: "The last \(unsigned) are not signed yet.")),
      json: .object([
        ("whole", .bool(true)), ("events", .int(report.events)),
        ("openings", .int(report.openings)), ("heads", .int(report.heads)),
        ("root", .text(report.root.hex)), ("unsigned", .int(unsigned)),
        ("key", .optional(report.key)),
        ("state", .text(report.stateDigest.hex)),
      ]))
  }
}

struct LedgerHeads: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heads",
    abstract: .said(
      ko: "서명한 뿌리, 새것이 마지막: 하나를 보관하면 확인할 수 있습니다.",
      en: "The signed heads, newest last: keep one, and you can check."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listHeads")
  }
}

struct LedgerExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: .said(
      ko: "볼 수 있는 공개값과 함께 기록을 씁니다.", en: "Write the leaves with the openings that somebody may see."
    ))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "새 폴더 또는 빈 폴더.", en: "A new or empty folder."), completion: .directory)
  var folder: String
  @Option(
    name: .customLong("as"),
    help: .said(
      ko: "public(공개), party(당사자), office(사무국), auditor(감사).",
      en: "public, party, office or auditor."))
  var audience = "public"
  @Option(
    name: .long,
    help: .said(ko: "--as party일 때: organisation-17.", en: "For --as party: organisation-17."))
  var party: String?

  func run() throws {
    let output = common.output
    let viewer = try viewer(output)
    let ledger = try Office.ledger(common)
    if case .party(let organisation) = viewer {
      let programme = try Office.read(common)
      guard programme.organisations.contains(organisation) else {
        throw Failure.unknown("\(organisation)", output)
      }
    }
    try Office.needEmpty(folder, output)
    let count = try output.refusing { () throws(JournalError) in
      try ledger.export(
        to: folder, for: viewer, at: Instant(Int64(Date().timeIntervalSince1970)),
        progress: { Office.report($0, output) })
    }
    output.print(
      text: output.say(
        ko: "\(folder): 사건 \(count.events)건, 공개값 \(count.openings)개. 검증: docs/verify-the-ledger.md",
        en: "\(folder): \(counted(count.events, "event")), \(counted(count.openings, "opening")). "
          + "To verify: docs/verify-the-ledger.md"),
      json: .object([
        ("folder", .text(folder)), ("events", .int(count.events)),
        ("openings", .int(count.openings)), ("root", .text(count.root.hex)),
      ]))
  }

  private func viewer(_ output: Output) throws -> Viewer {
    switch audience {
    case "public": return .public
    case "office": return .office
    case "auditor": return .auditor
    case "party":
      guard let organisation = party.flatMap({ OrganisationID($0) }) else {
        throw Failure.usage(
          output, ko: "--party organisation-번호를 주십시오.",
          en: "Name the party: --party organisation-17.")
      }
      return .party(organisation)
    default:
      throw Failure.choice(audience, ["public", "party", "office", "auditor"], output)
    }
  }
}

struct LedgerProve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prove",
    abstract: .said(
      ko: "사건이 대장에 있고 나중 뿌리가 덧붙이기만 했음을 증명합니다.",
      en: "Prove that an event is in the ledger, and that a later head only added to it."))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "사건 번호.", en: "The event's number.")) var event: Int
  @Option(
    name: .long,
    help: .said(ko: "보관한 뿌리의 크기.", en: "The size of a head you kept.", valueName: "head"))
  var since: Int?

  func run() throws {
    try common.show("proveEvent", ["event": "\(event)", "since": since.map { "\($0)" }])
  }
}

struct LedgerShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(
      ko: "대장에 있는 그대로의 사건 하나, 바이트까지.", en: "One event as it stands in the ledger, byte for byte."))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "사건 번호.", en: "The event's number.")) var event: Int

  func run() throws {
    // The leaf is JSON already; it is printed as it is stored, also with --json.
    print(try common.json("getEvent", ["event": "\(event)"])["leaf"]?.text ?? "")
  }
}
