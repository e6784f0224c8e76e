import ArgumentParser
import Foundation
import MadangDocuments
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews

/// The data folder as one command uses it: its one writer.
final class Office {
  private let journal: Journal
  private let common: CommonOptions
  private let output: Output
  private var recorded = 0

  var programme: Programme { journal.programme }

  /// Opens the folder for writing; `creating` makes it where there is none.
  init(_ common: CommonOptions, creating: Bool = false) throws {
    self.common = common
    output = common.output
    try Office.needFolder(common, creating: creating)
    var options = Journal.Options()
    let output = output
    options.progress = { Office.report($0, output) }
    let made = options
    journal = try output.refusing { () throws(JournalError) in
      let journal = try Journal(folder: common.folder.path, options: made)
      // Before anything is recorded: what cannot be signed for is not recorded.
      try journal.checkKey()
      return journal
    }
  }

  /// Signs a head over what was recorded and closes the folder.
  private func finish() throws {
    let at = Instant(Int64(Date().timeIntervalSince1970))
    try output.refusing { () throws(JournalError) in
      if programme.charter != nil { _ = try journal.signHead(at: at) }
      try journal.close()
    }
  }

  // MARK: Giving commands

  /// What commands became: also where the same were sent before.
  struct Given {
    var numbers: [Int64] = []
    var events: [Event] = []
    var replayed = true
  }

  /// Gives what an operation asks for, all or nothing, and ends the office's work.
  func give(
    _ operation: MadangViews.Operation, _ values: Values, _ write: WriteOptions
  ) throws -> Answer {
    let giving = Giving(
      programme, at: try received(write.at), person: { try self.person($0) })
    let commands = try output.refusingAny { try giving.commands(operation, values) }
    var time: Instant?
    // What moves an exercise's clock is received at the time that it says.
    if case .advance(let to) = commands.first { time = to }
    let request = operation.request(values)
    return answer(
      operation, values, try give(commands, write, received: time, request: request))
  }

  /// Drafts a round by rules of a file.
  func draft(_ round: RoundID, _ rules: RuleSet, _ write: WriteOptions) throws -> Answer {
    guard let operation = MadangViews.Operation.named("draftRound") else {
      preconditionFailure("rounds are drafted")
    }
    var values = Values()
    values.set("round", .text("\(round)"))
    let command = Command.draftRound(round, rules: rules, ruleSet: Office.digest(of: rules))
    return answer(operation, values, try give([command], write))
  }

  private func answer(
    _ operation: MadangViews.Operation, _ values: Values, _ given: Given
  ) -> Answer {
    let decided = Decided(
      numbers: given.numbers, events: given.events, replayed: given.replayed)
    return programme.answer(operation, values, decided, output.language)
  }

  /// Gives commands, all or none, and ends the office's work. `request` is what was asked, in one
  /// spelling; without it the commands themselves say.
  @discardableResult
  func give(
    _ commands: [Command], _ write: WriteOptions, received: Instant? = nil,
    request: String? = nil
  ) throws -> Given {
    let person = try person(write.giver)
    let time = try received ?? self.received(write.at, first: commands.first)
    let requests = commands.enumerated().map { index, command in
      Request(
        Envelope(by: person, received: time, command: command),
        key: write.key.flatMap {
          requestKey($0, index, request ?? "\(commands.count) \(commands[index])")
        })
    }
    if let key = write.key, key.utf8.count > 48 || requests.contains(where: { $0.key == nil }) {
      throw Failure.usage(
        output, ko: "키 ‘\(key)’은(는) 쓸 수 없습니다(ASCII 48자까지).",
        en: "‘\(key)’ cannot be a key (at most 48 ASCII characters).")
    }
    let given = try submit(requests)
    try finish()
    return given
  }

  /// Gives the commands of a replay at their own times; `close` ends the office's work after them.
  func give(timed: [(received: Instant, by: String, command: Command)]) throws {
    var people: [String: PersonID] = [:]
    for name in Set(timed.map(\.by)).sorted() { people[name] = try person(name) }
    let requests = timed.compactMap { item in
      people[item.by].map {
        Request(Envelope(by: $0, received: item.received, command: item.command))
      }
    }
    for start in stride(from: 0, to: requests.count, by: 20_000) {
      try submit(Array(requests[start..<min(start + 20_000, requests.count)]))
    }
  }

  func give(_ commands: [Command], by name: String, at: Instant) throws {
    try give(timed: commands.map { (received: at, by: name, command: $0) })
  }

  /// Ends a replay.
  func close() throws { try finish() }

  @discardableResult
  private func submit(_ requests: [Request]) throws -> Given {
    let replies = try output.refusing { () throws(JournalError) in
      try journal.submit(requests, atomic: true)
    }
    var given = Given()
    for reply in replies {
      switch reply {
      case .accepted(let receipt):
        given.numbers += receipt.numbers
        given.events += receipt.events
        given.replayed = given.replayed && receipt.replayed
      case .refused(.anotherRefused): continue
      case .refused(let refusal): throw Failure(refusal, output)
      }
    }
    recorded += given.numbers.count
    return given
  }

  /// The same again is the same request, whatever words it was given in: a file that changed since
  /// makes another one.
  private func requestKey(_ name: String, _ index: Int, _ request: String) -> RequestKey? {
    let digest = Office.digest(of: "\(index) \(request)")
    return RequestKey(index == 0 ? name : "\(name)#\(index)", digest: digest)
  }

  func person(_ name: String) throws -> PersonID {
    let name = name.precomposedStringWithCanonicalMapping
    try Office.check(person: name, output)
    return try output.refusing { () throws(JournalError) in try journal.person(labelled: name) }
  }

  static func check(person name: String, _ output: Output) throws {
    do { _ = try Text(name, limit: Limits.labelScalarsMax) } catch {
      throw Failure.usage(
        output, ko: "--as에 사람 이름을 주십시오(\(Limits.labelScalarsMax)자까지, 제어 문자 없이).",
        en: "Give --as a name: at most \(Limits.labelScalarsMax) characters, none of control.")
    }
  }

  /// When a command is received. An exercise has a clock of its own, which stands at its newest
  /// event or where --at puts it; a real programme goes by the machine's.
  func received(_ text: String?, first: Command? = nil) throws -> Instant {
    try Office.received(text, first: first, programme, output)
  }

  static func received(
    _ text: String?, first: Command?, _ programme: Programme, _ output: Output
  ) throws -> Instant {
    let clock = Instant(Int64(Date().timeIntervalSince1970))
    var charter = programme.charter
    if case .found(let founding) = first { charter = founding }
    guard let charter, charter.exercise else {
      if text != nil {
        throw Failure.usage(
          output, ko: "--at은 연습 사업에서만 쓸 수 있습니다.", en: "--at is for exercises only.")
      }
      return clock
    }
    guard let text else { return programme.charter == nil ? clock : programme.now }
    let (day, minute) = try Office.moment(text, output)
    guard let start = charter.days.start(of: day) else { throw Office.noTime(text, output) }
    return Instant(start.seconds + minute * 60)
  }

  /// `2026-03-05` or `2026-03-05T10:00`: the day, and the minute of it.
  static func moment(_ text: String, _ output: Output) throws -> (day: Day, minute: Int64) {
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    let clockText = parts.dropFirst().first
    let words = clockText?.split(separator: ":", omittingEmptySubsequences: false) ?? []
    let time = words.isEmpty ? [0, 0] : words.map { Int64($0) ?? -1 }
    guard (1...2).contains(parts.count), let day = Day(String(parts[0])), time.count == 2,
      (0..<24).contains(time[0]), (0..<60).contains(time[1])
    else { throw noTime(text, output) }
    return (day, time[0] * 60 + time[1])
  }

  private static func noTime(_ text: String, _ output: Output) -> Failure {
    Failure.usage(
      output, ko: "‘\(text)’은(는) 시각이 아닙니다(예: 2026-03-05T10:00).",
      en: "‘\(text)’ is no time (such as 2026-03-05T10:00).")
  }

  /// Says what was done.
  func done(ko: String, en: String) {
    let text = output.say(ko: ko, en: en)
    output.print(
      text: text,
      json: .object([
        ("done", .text(text)), ("events", .int(recorded)), ("size", .int(programme.eventCount)),
      ]))
  }

  static func report(_ progress: MadangJournal.Progress, _ output: Output) {
    output.remark(
      ko: "원장을 읽습니다: \(progress.done.grouped) / \(progress.of.grouped)",
      en: "Reading the ledger: \(progress.done.grouped) of \(progress.of.grouped)")
  }
}

/// Reading a data folder, which takes no lock and never waits for the writer.
extension Office {
  static func exists(_ common: CommonOptions) -> Bool {
    FileManager.default.fileExists(
      atPath: common.folder.appendingPathComponent("journal.sqlite").path)
  }

  static func needFolder(_ common: CommonOptions, creating: Bool = false) throws {
    if let address = common.serverAddress { throw Failure.folderOnly(address, common.output) }
    guard !creating, !exists(common) else { return }
    throw Failure(
      code: "MDG-3002",
      what: common.output.say(
        ko: "\(common.folder.path)에 원장이 없습니다.",
        en: "There is no ledger in \(common.folder.path)."),
      help: common.output.say(
        ko: "‘madang demo’ 또는 ‘madang programme load 폴더’로 시작하십시오.",
        en: "Start with `madang demo`, or `madang programme load DIR`."),
      json: common.json)
  }

  static func ledger(_ common: CommonOptions) throws -> Ledger {
    try needFolder(common)
    return try common.output.refusing { () throws(JournalError) in
      try Ledger(folder: common.folder.path)
    }
  }

  /// The operations tables, which any process may use beside the one that writes the journal.
  static func operations(_ common: CommonOptions) throws -> Operations {
    try needFolder(common)
    return try common.output.refusing { () throws(JournalError) in
      try Operations(folder: common.folder.path)
    }
  }

  static func read(_ common: CommonOptions) throws -> Programme {
    let ledger = try ledger(common)
    let output = common.output
    return try output.refusing { () throws(JournalError) in
      try ledger.programme(progress: { report($0, output) })
    }
  }

  static func readFolder(
    _ path: String, profile: String = "default", _ output: Output
  ) throws -> (ProgrammeFolder?, [Diagnostic]) {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw Failure(
        code: "MDG-3004",
        what: output.say(ko: "‘\(path)’ 폴더가 없습니다.", en: "There is no folder ‘\(path)’."),
        help: output.say(
          ko: "Programmes/korea-2025 같은 사업 폴더를 주십시오.",
          en: "Name a programme's folder, such as Programmes/korea-2025."),
        json: output.json)
    }
    let chosen = CryptographyProfile.named(profile) ?? Ed25519Cryptography()
    guard let hash = Slug(chosen.hashAlgorithm), let signature = Slug(chosen.signatureAlgorithm)
    else { preconditionFailure("an algorithm's identifier is a slug") }
    let (folder, faults) = readProgramme(
      at: URL(fileURLWithPath: path, isDirectory: true),
      algorithms: LedgerAlgorithms(hash: hash, signature: signature))
    return (folder, faults)
  }

  static func print(_ faults: [Diagnostic], _ output: Output) {
    let lines = faults.map { $0.text(output.language) }
    output.print(
      text: lines.joined(separator: "\n"),
      json: .object([
        (
          "faults",
          .array(
            faults.map { fault in
              .object([
                ("file", .text(fault.file)), ("line", .int(fault.line)),
                ("message", .text(fault.message[output.language])),
                ("hint", .text(fault.hint[output.language])),
              ])
            })
        )
      ]))
  }

  static func ruleSet(_ path: String, _ programme: Programme, _ output: Output) throws -> RuleSet {
    let (rules, faults) = readRuleSet(at: URL(fileURLWithPath: path), in: programme)
    guard let rules, faults.isEmpty else {
      print(faults, output)
      throw ExitCode(1)
    }
    return rules
  }

  /// An export goes into a new or an empty folder, so that nothing old can be taken for part of it.
  static func needEmpty(_ path: String, _ output: Output) throws {
    // A folder that cannot be looked into is not known to be empty.
    let names = try? FileManager.default.contentsOfDirectory(atPath: path)
    let isThere = FileManager.default.fileExists(atPath: path)
    guard !isThere || names?.isEmpty == true else {
      throw Failure(
        code: "MDG-3003",
        what: output.say(ko: "\(path)에 다른 것이 있습니다.", en: "There is something else in \(path)."),
        help: output.say(ko: "빈 폴더나 새 폴더를 지정하십시오.", en: "Name an empty or a new folder."),
        json: output.json)
    }
  }

  static func digest(of rules: RuleSet) -> Digest { SHA256.hash(CanonicalWriter.bytes(of: rules)) }

  static func digest(of text: String) -> Digest { SHA256.hash(Array(text.utf8)) }

  /// The digest of a file, read in parts.
  static func digest(ofFile path: String, _ output: Output) throws -> Digest {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Failure.unknown(path, output)
    }
    var stream = SHA256.Stream()
    do {
      while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
        stream.update([UInt8](part))
      }
    } catch {
      throw Failure.unknown(path, output)
    }
    return stream.digest
  }
}

extension Output {
  /// Runs what may be refused, and turns the refusal into words.
  func refusing<Result, Refused: Refusing>(
    _ body: () throws(Refused) -> Result
  ) throws -> Result {
    do { return try body() } catch { throw Failure(error, self) }
  }
}
