import Foundation
import Testing

@testable import MadangProgramme

/// A leaf of every type and version that was ever written, in `Golden/<type>.v<version>.json`: the
/// leaf's bytes, and its openings a line each. Files are for ever: `UPDATE_GOLDEN=1` adds the ones
/// that are missing and changes none.
struct GoldenTests {
  static let folder = "Tests/MadangProgrammeTests/Golden"

  init() throws {
    guard ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" else { return }
    for event in Samples.all {
      let url = Repository.root.appendingPathComponent(GoldenTests.path(event.type, event.version))
      if FileManager.default.fileExists(atPath: url.path) { continue }
      let (bytes, openings) = Leaf(header: Samples.header, event: event).fixed
      let lines = [String(decoding: bytes, as: UTF8.self)] + openings.map(GoldenTests.line)
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url)
    }
  }

  @Test(arguments: Samples.all)
  func `a stored event reads as what it was, and is written so today`(event: Event) throws {
    let (bytes, openings) = try GoldenTests.read(GoldenTests.path(event.type, event.version))
    let leaf = Leaf(header: Samples.header, event: event)
    #expect(try Leaf(bytes: bytes, openings: openings) == leaf)
    let today = leaf.fixed
    #expect(String(decoding: today.bytes, as: UTF8.self) == String(decoding: bytes, as: UTF8.self))
    #expect(today.openings == openings)
  }

  @Test func `version 1 of a charter did not name its algorithms`() throws {
    let (bytes, openings) = try GoldenTests.read(GoldenTests.path("programmeFounded", 1))
    #expect(
      try Leaf(bytes: bytes, openings: openings)
        == Leaf(header: Samples.header, event: .founded(Samples.charter)))
  }

  @Test func `version 1 of a drift did not say how many GPUs were found`() throws {
    let (bytes, openings) = try GoldenTests.read(GoldenTests.path("bindingDrifted", 1))
    #expect(
      try Leaf(bytes: bytes, openings: openings).event
        == .bindingDrifted(
          BindingDrifted(
            allocation: AllocationID(6), drift: .notReady, heldGPUs: nil, missingGPUs: 8,
            outage: .zero)))
  }

  @Test func `version 1 of a settlement was the only one of its month`() throws {
    let (bytes, openings) = try GoldenTests.read(GoldenTests.path("settled", 1))
    guard case .settled(let body) = try Leaf(bytes: bytes, openings: openings).event else {
      Issue.record("no settlement")
      return
    }
    #expect(body.amends == nil && body.amount.value == Samples.cost.amount)
    #expect(body.total == body.amount && body.remainder.value == Samples.cost.remainder)
    guard case .settled(let erased) = try Leaf(bytes: bytes, openings: []).event else { return }
    #expect(erased.total == .erased)
  }

  @Test func `version 1 of an amendment said what was drafted, and not what was approved`() throws {
    let drafted = try GoldenTests.read(GoldenTests.path("amendmentDrafted", 1))
    let approved = try GoldenTests.read(GoldenTests.path("amendmentApproved", 1))
    guard
      case .amendmentDrafted(let draft) = try Leaf(bytes: drafted.0, openings: []).event,
      case .amendmentApproved(let approval) =
        try Leaf(bytes: approved.0, openings: approved.1).event
    else {
      Issue.record("no amendment")
      return
    }
    #expect(draft.change.value == .resize(AllocationID(6), .budget(GPUSeconds(3_600_000))))
    #expect(approval.change == nil && approval.on == Samples.day)
  }

  @Test func `version 1 of an end did not say until when is read, nor what is owed`() throws {
    let award = try GoldenTests.read(GoldenTests.path("awardEnded", 1))
    let lending = try GoldenTests.read(GoldenTests.path("lendingEnded", 1))
    guard case .awardEnded(let ended) = try Leaf(bytes: award.0, openings: []).event,
      case .lendingEnded(let back) = try Leaf(bytes: lending.0, openings: []).event
    else {
      Issue.record("no end")
      return
    }
    #expect(ended.on == Samples.day && ended.owedDays == nil && ended.readableTo == nil)
    #expect(back.on == Samples.day.advanced(by: 9) && back.readableTo == nil)
  }

  @Test func `version 1 of a review was the applicant's too, and of a clock without cuts`() throws {
    let review = try GoldenTests.read(GoldenTests.path("reviewRecorded", 1))
    let read = try Leaf(bytes: review.0, openings: review.1)
    #expect(read.header == Samples.header && read.event == .reviewRecorded(Samples.review))
    let clock = try GoldenTests.read(GoldenTests.path("clockStarted", 1))
    guard case .clockStarted(let body) = try Leaf(bytes: clock.0, openings: []).event else {
      Issue.record("no clock")
      return
    }
    #expect(body.budgets.isEmpty && body.on == Samples.day)
    // Who may know who gave it is part of the version.
    let today = Leaf(header: Samples.header, event: .reviewRecorded(Samples.review)).fixed
    let older = String(decoding: today.bytes, as: UTF8.self)
      .replacing("\"v\":2}", with: "\"v\":1}")
    #expect(throws: Malformed.self) {
      try Leaf(bytes: Array(older.utf8), openings: today.openings)
    }
  }

  @Test func `version 1 of a decision knew no days of reading, and not its own day`() throws {
    let drafted = try GoldenTests.read(GoldenTests.path("roundDrafted", 1))
    let published = try GoldenTests.read(GoldenTests.path("roundPublished", 1))
    guard case .roundDrafted(let draft) = try Leaf(bytes: drafted.0, openings: []).event,
      case .roundPublished(let body) = try Leaf(bytes: published.0, openings: []).event
    else {
      Issue.record("no decision")
      return
    }
    #expect(draft.readableDays == 0 && draft.on == nil && draft.inputs == 40)
    #expect(body.readableDays == 0 && body.on == nil && body.reserves == 3)
  }

  @Test(arguments: Samples.all)
  func `an event whose openings were erased still reads`(event: Event) throws {
    let (bytes, _) = try GoldenTests.read(GoldenTests.path(event.type, event.version))
    let leaf = try Leaf(bytes: bytes, openings: [])
    #expect(leaf.event.type == event.type && leaf.header.by == .erased)
  }

  @Test func `every type and version has its golden file, and every file its type`() throws {
    var expected: [String] = []
    for file in ["Event.swift", "Definition.swift"] {
      let source = try Repository.text("Sources/MadangProgramme/\(file)")
      for match in source.matches(of: /case \.[A-Za-z]+: "([A-Za-z]+)"/) {
        let type = String(match.1)
        let event = try #require(Samples.all.first { $0.type == type }, "no sample of \(type)")
        for version in 1...event.version { expected.append("\(type).v\(version).json") }
      }
    }
    #expect(expected.count > 40, "the types were not found where they should be")
    let folder = Repository.root.appendingPathComponent(GoldenTests.folder).path
    let found = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".json") }
    let text = difference(expected.sorted(), found.sorted())
    #expect(text == nil, "\(text ?? "")")
  }

  @Test(arguments: Samples.all)
  func `a version of tomorrow, or another type, is not read`(event: Event) throws {
    let (bytes, openings) = try GoldenTests.read(GoldenTests.path(event.type, event.version))
    let text = String(decoding: bytes, as: UTF8.self)
    let newer = text.replacing("\"v\":\(event.version)}", with: "\"v\":\(event.version + 1)}")
    let other = text.replacing("\"type\":\"\(event.type)\"", with: "\"type\":\"somethingElse\"")
    #expect(newer != text && other != text)
    for changed in [newer, other] {
      #expect(throws: Malformed.self) {
        try Leaf(bytes: Array(changed.utf8), openings: openings)
      }
    }
  }

  static func path(_ type: String, _ version: Int64) -> String {
    "\(folder)/\(type).v\(version).json"
  }

  /// `field class salt publicFrom value`, the value in its canonical bytes.
  static func line(_ opening: Opening) -> String {
    let from = opening.publicFrom.map { "\($0.seconds)" } ?? "-"
    let value = String(decoding: opening.value, as: UTF8.self)
    return "\(opening.field) \(opening.disclosure.rawValue) \(opening.salt.low) \(from) \(value)"
  }

  static func read(_ path: String) throws -> (bytes: [UInt8], openings: [Opening]) {
    let lines = try Repository.text(path).split(separator: "\n")
    let leaf = try #require(lines.first)
    let openings = try lines.dropFirst().map { line in
      let parts = line.split(separator: " ", maxSplits: 4).map(String.init)
      return Opening(
        field: parts[0], disclosure: try #require(SealedClass(rawValue: parts[1])),
        salt: Salt(high: 0x5A17_0000_0000_0000, low: try #require(UInt64(parts[2]))),
        value: Array(parts[4].utf8), publicFrom: Int64(parts[3]).map { Instant($0) })
    }
    return (Array(leaf.utf8), openings)
  }
}
