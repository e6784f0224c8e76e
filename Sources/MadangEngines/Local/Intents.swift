public import MadangProgramme

/// That a job may have begun: a second name of the file `job` in its folder, made before the folder
/// appears, removed when the job is forgotten. So a folder that is lost is missed.
///
/// ```
///  jobs/new-TOKEN   intents/TOKEN   jobs/TOKEN
///        ●                ○              ○       nothing began
///        ●                ●              ○       nothing began
///        ○                ●              ●       may have begun
///        ○                ●              ○       may have begun, and its folder is lost
/// ```
extension LocalEngine.Options {
  var intents: String { "\(folder)/intents" }

  func intent(_ token: EngineJob) -> String { "\(intents)/\(token.hex)" }

  func newFolder(_ token: EngineJob) -> String { "\(folder)/jobs/new-\(token.hex)" }

  func oldFolder(_ token: EngineJob) -> String { "\(folder)/jobs/old-\(token.hex)" }

  /// The token's file `job` is its intent from now on, durably.
  func makeIntent(_ token: EngineJob, from job: String) throws(EngineFailure) {
    try LocalFiles.link(job, as: intent(token))
    try LocalFiles.sync(folder: intents)
  }

  func removeIntent(_ token: EngineJob) throws(EngineFailure) {
    guard !LocalFiles.isGone(intent(token)) else { return }
    try LocalFiles.remove(intent(token))
    try LocalFiles.sync(folder: intents)
  }

  /// Removes what is left of a start that was cut off before anything of it could begin. The intent
  /// first: alone it would be one whose folder is lost.
  func takeBack(_ token: EngineJob) throws(EngineFailure) {
    guard !LocalFiles.isGone(newFolder(token)) else { return }
    try removeIntent(token)
    try LocalFiles.removeFolder(newFolder(token))
  }

  /// Whether the folder holds what an engine keeps of its jobs. A new one knows of none: whoever
  /// committed tokens of it ends them first (`endLost`), or they would begin again.
  public var keepsJobs: Bool {
    !LocalFiles.isGone(intents) || !LocalFiles.isGone("\(folder)/jobs")
  }

  /// Ends at once whatever lives of a job whose engine's folder is lost; whether nothing is left.
  public func endLost(_ token: EngineJob) throws(EngineFailure) -> Bool {
    try Remains.endAll(supervisor, of: token, cgroup: cgroup(of: token))
  }

  /// A job as it was intended, by its folder or, where that is lost, by its intent.
  func intended(_ token: EngineJob) throws(EngineFailure) -> LocalRun? {
    for path in ["\(jobFolder(token))/job", intent(token)] {
      guard let bytes = try LocalFiles.bytes(of: path), let file = JobFile(bytes),
        file.run.token == token
      else { continue }
      return file.run
    }
    return nil
  }

  /// Every token that may have begun here and was not forgotten, ascending. What was half made or
  /// half removed goes; where it cannot, because a job put something into it, its name is `left`
  /// for people to look at. Whatever else is there is nobody's of the engine's.
  func intendedTokens() throws(EngineFailure) -> (tokens: [EngineJob], left: [String]) {
    var tokens: Set<EngineJob> = []
    var left: [String] = []
    for name in try LocalFiles.names(in: "\(folder)/jobs") {
      if let token = EngineJob(hex: name) {
        tokens.insert(token)
      } else if name.hasPrefix("new-") || name.hasPrefix("old-"),
        let token = EngineJob(hex: String(name.dropFirst(4)))
      {
        try removeIntent(token)
        do { try LocalFiles.removeFolder("\(folder)/jobs/\(name)") } catch { left.append(name) }
      }
    }
    tokens.formUnion(try LocalFiles.names(in: intents).compactMap { EngineJob(hex: $0) })
    return (tokens.sorted(), left)
  }
}
