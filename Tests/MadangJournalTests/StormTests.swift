import Foundation
import MadangJournal
import MadangProgramme
import MadangSimulator
import Testing

/// Durability, with a real process that ends badly.
@Suite(.serialized)
struct StormTests {
  private static let environment = ProcessInfo.processInfo.environment
  static let seed =
    environment["SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...UInt64(UInt32.max))
  /// How often the process is killed.
  static let kills = environment["MADANG_LONG"] == nil ? 8 : 200
  /// After so many kills a journal is put aside for a new one: each is checked whole every time.
  static let killsPerFolder = 8

  @Test func `whatever was acknowledged before kill -9 is there, once`() throws {
    print("SEED=\(StormTests.seed)")
    var random = SeededGenerator(seed: StormTests.seed)
    var folder = try TestFolder()
    var acknowledged: [Storm.Line] = []
    for round in 0..<StormTests.kills {
      if round % StormTests.killsPerFolder == 0 {
        folder = try TestFolder()
        try folder.founded().close()
        acknowledged = []
      }
      let storm = try Storm(folder, prefix: "kill\(round)", clients: random.draw(1...24))
      acknowledged += try storm.lines(atLeast: random.draw(1...2_000)) { kill($0, SIGKILL) }
      let journal = try folder.open()
      try check(acknowledged, in: journal)
      try journal.close()
    }
  }

  @Test(arguments: 0..<6)
  func `whatever was acknowledged before a power cut is there, once`(round: Int) throws {
    print("SEED=\(StormTests.seed)")
    var random = SeededGenerator(seed: StormTests.seed).child("cut", round)
    let folder = try TestFolder()
    try folder.founded().close()
    let storm = try Storm(
      folder, prefix: "cut", clients: random.draw(1...24),
      shim: round == 0 ? 0 : random.draw(1...1_000_000))
    let acknowledged = try storm.lines(atLeast: random.draw(1...3_000)) { kill($0, SIGUSR1) }
    #expect(storm.status == 137)
    let journal = try folder.open()
    try check(acknowledged, in: journal)
    try journal.close()
  }

  @Test func `the same power cut does lose acknowledged events without full sync`() throws {
    print("SEED=\(StormTests.seed)")
    var random = SeededGenerator(seed: StormTests.seed).child("normal")
    var lost = 0
    for _ in 0..<10 where lost == 0 {
      let folder = try TestFolder()
      try folder.founded().close()
      let storm = try Storm(
        folder, prefix: "normal", clients: 8, shim: 0, ["--synchronous", "normal"])
      let acknowledged = try storm.lines(atLeast: random.draw(1...300)) { kill($0, SIGUSR1) }
      let journal = try folder.open()
      lost = try repeated(acknowledged, in: journal).count { !$0.replayed }
      try journal.close()
    }
    #expect(lost > 0, "the test would not notice a journal that is not durable")
  }

  @Test func `a disk that fails while committing stops the process with one sentence`() throws {
    let folder = try TestFolder()
    try folder.founded().close()
    let storm = try Storm(folder, prefix: "eio", clients: 8, shim: 0)
    let acknowledged = try storm.lines(atLeast: 100) { kill($0, SIGUSR2) }
    #expect(storm.status == 70)
    #expect(storm.complaint.hasPrefix("madang: MDG-2041: The disk failed while committing"))
    #expect(storm.complaint.split(separator: "\n").count == 1)
    let journal = try folder.open()
    try check(acknowledged, in: journal)
    try journal.close()
  }

  /// Sends every acknowledged request again: each must be known, with the event it was told.
  private func check(_ acknowledged: [Storm.Line], in journal: Journal) throws {
    let before = try journal.ledger.eventCount()
    let receipts = try repeated(acknowledged, in: journal)
    let missing = receipts.count { !$0.replayed }
    let moved = zip(acknowledged, receipts).count { $0.event != $1.numbers.lowerBound }
    #expect(missing == 0 && moved == 0)
    #expect(Set(receipts.map(\.numbers)).count == acknowledged.count)
    #expect(try journal.ledger.eventCount() == before)
    let verification = try journal.ledger.verify()
    #expect(verification.events == before)
    #expect(verification.stateDigest == journal.programme.stateDigest)
    // One organisation per event after the set-up: nothing was done twice.
    let setUp = TestProgramme.setUp().count
    #expect(journal.programme.organisations.count == Int(before) - setUp + 1)
  }

  private func repeated(_ lines: [Storm.Line], in journal: Journal) throws -> [Receipt] {
    try journal.submit(lines.map(\.request)).map { try $0.receipt }
  }
}

/// `madang-storm` at work on a folder.
final class Storm {
  /// `key event`: what the storm says was acknowledged.
  struct Line {
    let name: String
    let event: Int64

    init?(_ text: Substring) {
      let words = text.split(separator: " ")
      guard words.count == 2, let event = Int64(words[1]) else { return nil }
      name = String(words[0])
      self.event = event
    }

    /// The very request that the storm sent.
    var request: Request {
      let client = Int64(name.split(separator: "-")[1])!
      let organisation = Organisation(form: .company, region: Slug("storm")!, synthetic: true)
      return Request(
        Envelope(
          by: PersonID(client)!, received: Instant(1_767_193_200),
          command: .registerOrganisation(organisation)),
        key: RequestKey(name, digest: SHA256.hash(Array(name.utf8))))
    }
  }

  private let process = Process()
  private let output = Pipe()
  private let errors = Pipe()
  private(set) var complaint = ""

  /// With `shim`, the power can be cut; its value is the seed of what survives.
  convenience init(
    _ folder: TestFolder, prefix: String, clients: Int, shim: Int? = nil, _ more: [String] = []
  ) throws {
    try self.init(
      folder, prefix: prefix, clients: clients,
      preload: try shim.map { _ in try Storm.powercut.get() },
      shim.map { ["POWERCUT_SEED": "\($0)"] } ?? [:], more)
  }

  init(
    _ folder: TestFolder, prefix: String, clients: Int, preload: String?,
    _ environment: [String: String], _ more: [String] = []
  ) throws {
    process.executableURL = try Storm.products.appending(path: "madang-storm")
    process.arguments = [folder.path, prefix, "\(clients)"] + more
    if let preload {
      process.environment = ProcessInfo.processInfo.environment
        .merging(environment) { $1 }.merging(["LD_PRELOAD": preload]) { $1 }
    }
    process.standardOutput = output
    process.standardError = errors
    try process.run()
  }

  var status: Int32 { process.terminationStatus }

  /// Reads until so many requests were acknowledged, ends the process, and reads what it still
  /// said: whole lines only.
  func lines(atLeast count: Int, _ end: (pid_t) -> Int32) throws -> [Line] {
    var text = Data()
    var seen = 0
    while seen < count {
      let more = output.fileHandleForReading.availableData
      if more.isEmpty { break }
      seen += more.count { $0 == UInt8(ascii: "\n") }
      text.append(more)
    }
    _ = end(process.processIdentifier)
    text.append(output.fileHandleForReading.readDataToEndOfFile())
    complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let whole = text.prefix(through: text.lastIndex(of: UInt8(ascii: "\n")) ?? text.startIndex)
    return String(decoding: whole, as: UTF8.self).split(separator: "\n").compactMap { Line($0) }
  }

  /// Where this test's executable and the storm's lie.
  private static var products: URL {
    get throws {
      let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
      return URL(filePath: executable).deletingLastPathComponent()
    }
  }

  /// The power cut, compiled once.
  private static let powercut = Result<String, any Error> { try shim("powercut") }

  /// Compiles `Tests/Storm/NAME.c` into something to be preloaded.
  static func shim(_ name: String) throws -> String {
    struct NotCompiled: Error {}
    let source = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Storm/\(name).c").standardized.path
    let target = FileManager.default.temporaryDirectory
      .appending(path: "madang-\(name)-\(UUID().uuidString).so").path
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = [
      "cc", "-O1", "-Wall", "-shared", "-fPIC", "-o", target, source, "-ldl", "-lpthread",
    ]
    try compiler.run()
    compiler.waitUntilExit()
    guard compiler.terminationStatus == 0 else { throw NotCompiled() }
    return target
  }
}
