import Foundation
import MadangEngines
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews

extension Output {
  /// Runs what the yard does, and turns what stops it into words.
  func yarding<Result>(_ body: () throws(YardFailure) -> Result) throws -> Result {
    do throws(YardFailure) {
      return try body()
    } catch {
      switch error {
      case .journal(let failure): throw Failure(failure, self)
      case .refused(let refusal): throw Failure(refusal, self)
      case .engine(let failure): throw Failure(failure, self)
      }
    }
  }
}

extension Failure {
  init(_ failure: EngineFailure, _ output: Output) {
    let reason =
      switch failure {
      case .unreachable(let reason), .damaged(let reason), .forbidden(let reason): reason
      }
    self.init(
      code: "MDG-3010",
      what: output.say(ko: "엔진을 쓸 수 없습니다: \(reason).", en: "The engine cannot be used: \(reason)."),
      help: output.say(
        ko: "그 클러스터의 폴더와 재고 목록을 확인하십시오.",
        en: "Look at that cluster's folder and inventory."),
      json: output.json)
  }
}

/// The office's own work, as one command does it: opens the folder for writing, and lets the yard
/// catch up before and after what the command does.
final class YardOffice {
  let yard: Yard
  private let output: Output

  /// - Parameter patienceSeconds: how long another process is waited for that has the folder: a
  ///   command that does the office's work by the way soon leaves it.
  init(_ common: CommonOptions, patienceSeconds: Double = 0) throws {
    output = common.output
    try Office.needFolder(common)
    let output = output
    var options = Journal.Options()
    options.progress = { Office.report($0, output) }
    let made = options
    let end = Date().addingTimeInterval(patienceSeconds)
    let journal = try output.refusing { () throws(JournalError) in
      while true {
        do throws(JournalError) {
          let journal = try Journal(folder: common.folder.path, options: made)
          try journal.checkKey()
          return journal
        } catch {
          guard case .inUse = error, Date() < end else { throw error }
          Thread.sleep(forTimeInterval: 0.05)
        }
      }
    }
    let operations = try Office.operations(common)
    yard = try output.yarding { () throws(YardFailure) in
      try Yard(journal: journal, operations: operations)
    }
  }

  /// Lets everything settle that has something to do now.
  func settle() throws { try output.yarding { () throws(YardFailure) in try yard.settle() } }

  /// Gives one command of a person's: now, or in an exercise when the text says.
  func give(_ command: Command, by name: String, at text: String? = nil) throws {
    let programme = yard.journal.programme
    let at =
      try text.map { try Office.received($0, first: nil, programme, output) } ?? yard.now
    let reply = try output.refusing { () throws(JournalError) in
      let person = try yard.journal.person(
        labelled: name.precomposedStringWithCanonicalMapping)
      return try yard.journal.submit(
        [Request(Envelope(by: person, received: at, command: command))]
      ).first
    }
    if case .refused(let refusal) = reply { throw Failure(refusal, output) }
  }

  /// Waits until a job has something to say, at most so long. What is wrong with its engine the
  /// next round finds, and tells.
  func wait(milliseconds: Int32) {
    do throws(EngineFailure) {
      if let engine = yard.localEngines.first {
        _ = try engine.poll(milliseconds: milliseconds)
        return
      }
    } catch {}
    Thread.sleep(forTimeInterval: Double(milliseconds) / 1_000)
  }

  /// Signs a head over what was recorded and closes the folder.
  func close() throws {
    try output.refusing { () throws(JournalError) in
      if yard.journal.programme.charter != nil {
        _ = try yard.journal.signHead(at: YardClock.machine)
      }
      try yard.operations.close()
      try yard.journal.close()
    }
  }

  /// The same where another process has the folder: nothing, because that one does the work.
  static func ifFree(_ common: CommonOptions) throws -> YardOffice? {
    do {
      return try YardOffice(common)
    } catch let failure as Failure where failure.code == "MDG-2013" {
      return nil
    }
  }
}
