import Foundation
import MadangControl
import MadangEngines
import MadangJournal
import MadangProgramme
import MadangServer
import Testing

/// An office's process in a folder, with its embedded clusters; again after a restart.
final class TestYard {
  let folder: TestFolder
  let yard: Yard

  /// Plays an office into an empty folder, or opens what is there.
  init(_ folder: TestFolder, _ office: Office? = nil) throws {
    self.folder = folder
    let journal = try Journal(folder: folder.path)
    if let office {
      for reply in try journal.submit(office.log.map { Request($0) }) {
        if case .refused(let refusal) = reply { throw Unexpected(refusal.what(.en)) }
      }
    }
    yard = try Yard(journal: journal, operations: try Operations(folder: folder.path))
  }

  convenience init(_ setting: Office.Setting) throws {
    try self.init(TestFolder(), Office(setting))
  }

  /// Ends the process: another may open the folder.
  func close() throws {
    try yard.operations.close()
    try yard.journal.close()
  }

  static let local = ClusterEngine(kind: .local, simulated: false)

  /// Moves an exercise to a moment in the award's term.
  func begin() throws {
    try give(.advance(Office.now), at: Office.now)
    try yard.settle()
  }

  func give(_ command: Command, by: PersonID = Office.clerk, at: Instant? = nil) throws {
    let envelope = Envelope(by: by, received: at ?? yard.now, command: command)
    for reply in try yard.journal.submit([Request(envelope)]) {
      if case .refused(let refusal) = reply { throw refusal }
    }
  }

  /// Drafts a change and has another person approve it.
  func amend(_ change: AmendmentChange, of award: Int = 1) throws {
    try give(.draftAmendment(AwardID(award), change, .operatorRequest))
    let drafted = AmendmentID(yard.journal.programme.amendments.count)
    try give(.approveAmendment(drafted), by: Office.head)
    try yard.settle()
  }

  /// Submits a job that works in the folder; its number.
  @discardableResult
  func submit(
    _ script: String, gpus: Int32 = 1, seconds: Int64 = 60,
    allocation: AllocationID = Office.allocation
  ) throws -> Int64 {
    let spec = try JobSpec(
      name: "test", work: .script("#!/bin/sh\n\(script)\n", arguments: []), gpus: gpus,
      timeLimitSeconds: seconds, workingFolder: folder.path)
    return try #require(
      try yard.operations.submit(
        spec: CanonicalWriter.bytes(of: spec), indices: nil, of: allocation, by: Office.clerk,
        key: nil, at: yard.now))
  }

  func task(_ job: Int64) throws -> StoredTask {
    try #require(try yard.operations.tasks(of: job).first)
  }

  /// Rounds until it is so: a minute is far beyond what anything here takes.
  func until(_ what: String, _ isSo: () throws -> Bool) throws {
    let deadline = Date().addingTimeInterval(60)
    while Date() < deadline {
      _ = try yard.round()
      if try isSo() { return }
      usleep(20_000)
    }
    throw Unexpected("waited in vain for \(what): \(yard.troubles)")
  }

  func ended(_ job: Int64) throws -> StoredTask {
    try until("job \(job) to end") { try task(job).state == .ended }
    return try task(job)
  }

  func lines(_ file: String) -> Int {
    let text = try? String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8)
    return text?.split(separator: "\n").count ?? 0
  }

  /// Where an embedded cluster's engine keeps its things.
  func engineFolder(_ cluster: String = "one") -> String {
    "\(folder.path)/clusters/\(cluster)/engine"
  }
}
