import Foundation
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews

/// Where a command is carried out. Both have the same operations and answer alike: a read is
/// fetched and printed, a decision is given and its answer printed.
enum Place {
  case folder
  case server(Server)
}

extension CommonOptions {
  /// By the options, then by the environment.
  func place() throws -> Place {
    guard let address = serverAddress else { return .folder }
    return .server(try Server(address, output))
  }

  var serverAddress: String? {
    if let server, !server.isEmpty { return server }
    if data != nil { return nil }
    return ProcessInfo.processInfo.environment["MADANG_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
  }

  // MARK: Reading

  /// Rows that are fetched at once, and that stand under one head where people read them.
  private static let pageRows: Int64 = 1_000

  /// Prints a read; at most `limit` rows of a list where it is not 0.
  func show(
    _ read: String, _ given: KeyValuePairs<String, String?> = [:], limit: Int = 0
  ) throws {
    if output.json {
      print(try json(read, given, limit: limit).pretty)
      return
    }
    let (operation, values) = try asked(read, given)
    switch try place() {
    case .folder:
      let reading = try FolderReading(self)
      try pages(operation, values, limit) { values in
        let answer = try reading.answer(operation, values)
        print(answer.text(output.language))
        return answer.next
      }
    case .server(let server):
      try pages(operation, values, limit) { values in
        let page = try server.text(operation, values)
        print(page.text, terminator: "")
        return page.next
      }
    }
  }

  /// What a read says to programs; a list is whole, however many pages it has.
  func json(
    _ read: String, _ given: KeyValuePairs<String, String?> = [:], limit: Int = 0
  ) throws -> JSON {
    let (operation, values) = try asked(read, given)
    let fetch: (Values) throws -> JSON
    switch try place() {
    case .folder:
      let reading = try FolderReading(self)
      fetch = { try reading.answer(operation, $0).json }
    case .server(let server): fetch = { try server.json(operation, $0) }
    }
    guard operation.isPaged else { return try fetch(values) }
    var items: [JSON] = []
    try pages(operation, values, limit) { values in
      let page = try fetch(values)
      items += page["items"]?.array ?? []
      return page["next"]?.integer
    }
    return .array(items)
  }

  /// Fetches page after page until there is no more, or enough.
  private func pages(
    _ operation: MadangViews.Operation, _ values: Values, _ limit: Int,
    _ fetch: (Values) throws -> Int64?
  ) throws {
    guard operation.isPaged else {
      _ = try fetch(values)
      return
    }
    var values = values
    var start: Int64 = 0
    let end = limit > 0 ? Int64(limit) : .max
    while start < end {
      values.set("cursor", .integer(start))
      values.set("limit", .integer(min(CommonOptions.pageRows, end - start)))
      guard let next = try fetch(values) else { return }
      start = next
    }
  }

  // MARK: Deciding

  /// Gives a decision and prints what became of it.
  func give(
    _ decision: String, _ given: KeyValuePairs<String, String?>, _ write: WriteOptions
  ) throws {
    let done = try decide(decision, given, write)
    output.print(text: done["done"]?.text ?? "", json: done)
  }

  /// Gives a decision; its answer says what was done in the caller's language.
  func decide(
    _ decision: String, _ given: KeyValuePairs<String, String?>, _ write: WriteOptions
  ) throws -> JSON {
    let (operation, values) = try asked(decision, given)
    switch try place() {
    case .folder: return try Office(self).give(operation, values, write).json
    case .server(let server):
      try write.forServer(output)
      return try server.decide(operation, values, key: write.key)
    }
  }

  /// An operation with its values, checked as its declaration says.
  private func asked(
    _ id: String, _ given: KeyValuePairs<String, String?>
  ) throws -> (MadangViews.Operation, Values) {
    guard let operation = MadangViews.Operation.named(id) else {
      preconditionFailure("a command asks for what there is")
    }
    var values = Values()
    for (name, text) in given {
      guard let text else { continue }
      let fields = operation.parameters + operation.query + operation.body
      guard let field = fields.first(where: { $0.name == name }) else {
        preconditionFailure("a command gives what its operation takes")
      }
      guard let value = FieldValue.parsed(text, as: field.kind) else {
        throw Failure.wrong(text, field, output)
      }
      values.set(name, value)
    }
    return (operation, values)
  }
}

extension MadangViews.Operation {
  fileprivate var isPaged: Bool { query.contains { $0.name == "cursor" } }
}

extension Failure {
  static func notADay(_ text: String, _ output: Output) -> Failure {
    usage(
      output, ko: "‘\(text)’은(는) 날짜가 아닙니다(예: 2026-03-03).",
      en: "‘\(text)’ is no day (such as 2026-03-03).")
  }

  /// A word that its field cannot be.
  fileprivate static func wrong(_ text: String, _ field: Field, _ output: Output) -> Failure {
    switch field.kind {
    case .identifier: unknown(text, output)
    case .choice(let choices): choice(text, choices.map(\.word), output)
    case .day, .endDay: notADay(text, output)
    case .month:
      usage(
        output, ko: "‘\(text)’은(는) 달이 아닙니다(예: 2026-06).",
        en: "‘\(text)’ is no month (such as 2026-06).")
    default:
      usage(
        output, ko: "\(field.title.ko): ‘\(text)’은(는) 쓸 수 없습니다.",
        en: "\(field.title.en): ‘\(text)’ cannot be taken.")
    }
  }
}

/// A data folder, read as whoever has it: everything.
private struct FolderReading {
  private let reading: Reading
  private let output: Output

  init(_ common: CommonOptions) throws {
    let output = common.output
    let ledger = try Office.ledger(common)
    let programme = try output.refusing { () throws(JournalError) in
      try ledger.programme(progress: { Office.report($0, output) })
    }
    let path = common.folder.path
    reading = Reading(
      programme, ledger, operations: { () throws(JournalError) in try Operations(folder: path) },
      for: .keeper, in: output.language, at: Office.clock)
    self.output = output
  }

  func answer(_ operation: MadangViews.Operation, _ values: Values) throws -> Answer {
    try output.refusingAny { try reading.answer(operation, values) }
  }
}

extension Output {
  /// Runs what may be refused in any way, and turns the refusal into words.
  func refusingAny<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let refusal as any Refusing { throw Failure(refusal, self) }
  }
}
