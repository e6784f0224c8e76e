import Foundation
import MadangEngines
import MadangJournal
import MadangProgramme
import MadangServer
import Testing

/// What the office makes of jobs whose folders are lost: they end, and nothing of them begins
/// again.
@Suite(.serialized) struct LostJobTests {
  private static let setting = Office.Setting(
    engine: TestYard.local, otherEngine: TestYard.local, limit: .reserved(gpus: 16))

  /// A job that runs, in a yard that goes away; its folder and number.
  private static func running(thatIsKnown: Bool) throws -> (TestFolder, Int64) {
    let test = try TestYard(setting)
    try test.begin()
    let job = try test.submit("echo begun >> witness; exec sleep 600")
    try test.until("the job to begin") { test.lines("witness") == 1 }
    if thatIsKnown { try test.until("it to be known") { try test.task(job).state == .running } }
    try test.close()
    return (test.folder, job)
  }

  @Test(arguments: [false, true], ["/jobs", "/jobs/*", ""])
  func `a job that began is not begun again, whatever of its engine's folder is lost`(
    isKnown: Bool, lost: String
  ) throws {
    let (folder, job) = try LostJobTests.running(thatIsKnown: isKnown)
    do {
      let test = try TestYard(folder)
      let path = test.engineFolder() + lost
      for name in lost.hasSuffix("*") ? try test.jobFolders() : [path] {
        try FileManager.default.removeItem(atPath: name)
      }
      let task = try test.ended(job)
      #expect(task.ending == "folderLost" && task.exitCode == nil)
      #expect(test.lines("witness") == 1)
      // Its GPUs are free for the next one.
      let next = try test.submit("echo next >> witness", gpus: 16)
      #expect(try test.ended(next).ending == "exited")
      #expect(test.lines("witness") == 2)
      try test.until("all to be forgotten") {
        test.yard.localEngines.allSatisfy { $0.jobs().isEmpty }
      }
      try test.close()
    }
  }

  @Test func `an end that was noted but not forgotten is forgotten by the next server`() throws {
    let (folder, job) = try LostJobTests.running(thatIsKnown: true)
    let operations = try Operations(folder: folder.path)
    try operations.ended(job, nil, TaskEnd("canceled", exitCode: nil, at: Office.now))
    try operations.close()
    let test = try TestYard(folder)
    try test.until("the engine to be asked") { !test.yard.localEngines.isEmpty }
    let engine = test.yard.localEngines[0]
    for run in engine.jobs() { _ = try engine.cancel(run.token) }
    try test.until("all to be forgotten") { engine.jobs().isEmpty }
    try test.close()
  }
}

extension TestYard {
  fileprivate func jobFolders() throws -> [String] {
    let jobs = "\(engineFolder())/jobs"
    return try FileManager.default.contentsOfDirectory(atPath: jobs).map { "\(jobs)/\($0)" }
  }
}
