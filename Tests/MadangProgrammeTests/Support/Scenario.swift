import Testing

@testable import MadangProgramme

/// A programme told in lines: each is a command, and under it stands, after `=`, what came of it.
///
/// ```
/// model h100                        pool a            track ta a        criteria 3 2
/// line kakao h100 16 spares=8       step kakao inService 8 2026-06-01   weekend 5 6
/// round r1 kakao:16 unused=passes   org o1 jeju
/// apply A ta 8 90/80 org=o1 models=h100,b200 term=2026-03-01..2026-09-01
/// decide r1
/// = 1 A 85.000 selected kakao
/// ```
/// `apply` names the track, the GPUs, and the points of each reviewer (`90+80` for two criteria,
/// `-` for none); they are judged eligible and reviewed when the round is closed. A command that is
/// refused says so. Everything else is in `ScenarioCommands`.
struct Scenario {
  var programme = Programme()
  /// The moment at which the server receives the next command.
  var clock = Scenario.nine(Day(year: 2026, month: 1, day: 5))
  /// The office's clerk, who drafts, and its head, who approves.
  let clerk = Scenario.person(1)
  let head = Scenario.person(2)

  var ids: [String: Int] = [:]
  /// What the reviewers will give, by application, and which rule the edge will find broken.
  var points: [(application: String, points: [[Int64]])] = []
  var broken: [String: Int32] = [:]
  var rules: [String: String] = [:]
  var events: [Event] = []
  var refusals: [Refusal] = []

  init() {
    run("found")
    run("basis")
  }

  static func person(_ number: Int64) -> PersonID {
    guard let person = PersonID(number) else { preconditionFailure("a person") }
    return person
  }

  /// Nine in the morning, Korean time.
  static func nine(_ day: Day) -> Instant { Instant(Int64(day.number) * 86_400) }

  /// Runs one line and answers what it says: nothing for a definition that was taken.
  @discardableResult
  mutating func run(_ line: String) -> [String] {
    do throws(Refusal) {
      return try perform(line.split(separator: " ").map(String.init))
    } catch {
      refusals.append(error)
      return ["refused \(error.code)"]
    }
  }

  /// Decides a command, applies its events and answers them.
  @discardableResult
  mutating func give(_ command: Command, by: PersonID? = nil) throws(Refusal) -> [Event] {
    let envelope = Envelope(by: by ?? clerk, received: clock, command: command)
    let events = try programme.decide(envelope)
    let at = programme.time(of: clock)
    for event in events {
      programme.apply(
        event,
        Header(number: programme.eventCount, at: at, received: clock, by: envelope.by))
    }
    self.events += events
    return events
  }

  func id<Kind>(_ name: String, _ kind: Kind.Type = Kind.self) -> Identifier<Kind> {
    guard let number = ids["\(Kind.name) \(name)"] else {
      guard let number = Int(name) else { preconditionFailure("no \(Kind.name) \(name)") }
      return Identifier(number)
    }
    return Identifier(number)
  }

  mutating func name<Kind>(_ name: String, _ id: Identifier<Kind>) {
    ids["\(Kind.name) \(name)"] = Int(id.number)
  }

  /// Defines something, and keeps its name where it was taken.
  mutating func give<Kind>(
    _ name: String, _ id: Identifier<Kind>, _ definition: Definition
  ) throws(Refusal) {
    try give(.define(definition))
    self.name(name, id)
  }

  func name<Kind>(of id: Identifier<Kind>) -> String {
    let prefix = "\(Kind.name) "
    let names = ids.filter { $0.key.hasPrefix(prefix) && $0.value == Int(id.number) }.keys.sorted()
    return names.first.map { String($0.dropFirst(prefix.count)) } ?? "\(id)"
  }
}

/// The one door: runs the script and compares what each line said with what stands under it.
func check(
  _ script: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  var scenario = Scenario()
  var actual: [String] = []
  let lines = script.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
    .filter { !$0.isEmpty && !$0.hasPrefix("#") }.map(String.init)
  for line in lines where !line.hasPrefix("= ") {
    actual.append(line)
    actual += scenario.run(line).map { "= \($0)" }
  }
  if let text = difference(lines, actual) {
    Issue.record("the scenario went another way:\n\(text)", sourceLocation: sourceLocation)
  }
}
