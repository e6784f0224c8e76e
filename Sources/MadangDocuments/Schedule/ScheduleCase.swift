public import Foundation
internal import MadangProgramme
public import MadangScheduler

/// One decision's input, read from a file: a scheduler that was told everything, and the names of
/// what it knows by number. Times are seconds.
public struct ScheduleCase: ~Copyable {
  public var scheduler: Scheduler
  public let models: [String]
  public let pools: [String]
  /// By the fleet's order.
  public let nodes: [String]
  /// By job, in order of submission: what runs first.
  public let jobs: [String]
  /// Jobs without a walltime, for which the assumed one is planned.
  public let assumedWalltimes: Int
}

/// Everything that is wrong with a file.
public struct ScheduleFaults: Error {
  public let diagnostics: [Diagnostic]
}

/// Reads a file of `docs/schedule.md`'s format, and changes it before a scheduler is told of it.
///
/// - Throws: every fault at once, each with its line.
public func readSchedule(
  at file: URL, changing changes: [ScheduleChange] = []
) throws(ScheduleFaults) -> ScheduleCase {
  switch FolderContents.bytes(of: file) {
  case .success(let bytes):
    return try readSchedule(named: file.relativePath, bytes, changing: changes)
  case .failure(let fault):
    throw ScheduleFaults(diagnostics: [
      fault.alone(file.relativePath, formatPage: "docs/schedule.md")
    ])
  }
}

/// Reads a file's bytes; `name` stands in the faults.
public func readSchedule(
  named name: String, _ bytes: [UInt8], changing changes: [ScheduleChange] = []
) throws(ScheduleFaults) -> ScheduleCase {
  let reading = Reading(formatPage: "docs/schedule.md")
  if let page = Page(file: name, bytes: bytes, reading: reading),
    var draft = ScheduleDraft(page.value)
  {
    for change in changes { draft.apply(change, page.value.place, reading) }
    // Faulty jobs hide no fault of others; a faulty pool would make its jobs look faulty too.
    if draft.hasAllNames, let built = ScheduleBuilder(draft).build(reading) { return built }
  }
  throw ScheduleFaults(diagnostics: reading.sorted)
}

extension FolderContents.Fault {
  /// What is wrong with a file that stands alone, in no programme's folder.
  func alone(_ file: String, formatPage: String) -> Diagnostic {
    Diagnostic(
      file: file, line: 1, column: nil, message: message,
      hint: Wording(
        ko: "형식은 \(formatPage)에 있습니다.", en: "\(formatPage) says what stands in it."))
  }

  private var message: Wording {
    switch self {
    case .missing: Wording(ko: "파일이 없습니다.", en: "There is no such file.")
    case .unreadable: Wording(ko: "파일을 읽을 수 없습니다.", en: "The file cannot be read.")
    case .notAFile: Wording(ko: "보통 파일이 아닙니다.", en: "This is no plain file.")
    case .tooLarge:
      Wording(ko: "파일이 너무 큽니다(최대 4 MiB).", en: "The file is too large (4 MiB at most).")
    }
  }
}
