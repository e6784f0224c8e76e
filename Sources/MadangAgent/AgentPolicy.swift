import Foundation
public import MadangProgramme

/// How far an agent may go at its centre. The operator writes it; the agent cannot.
///
/// ```
/// mode: apply          # observe, propose or apply
/// quiet: 22-06         # hours in which nothing is changed: what is found is still reported
/// ```
/// A file named `pause` beside it stops every change, at once and until it is removed.
public struct AgentPolicy: Hashable, Sendable {
  public let mode: AgentMode
  /// Hours of the day (UTC) in which nothing is changed; the second may be smaller.
  public let quiet: Quiet?

  public struct Quiet: Hashable, Sendable {
    public let from: Int64
    public let to: Int64

    public init(from: Int64, to: Int64) {
      self.from = from
      self.to = to
    }

    /// Reads `22-06`.
    init?(_ text: Substring) {
      let hours = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
      guard hours.count == 2, let from = hours[0], let to = hours[1],
        (0...24).contains(from), (0...24).contains(to)
      else { return nil }
      self.init(from: from, to: to)
    }

    func contains(_ hour: Int64) -> Bool {
      from <= to ? (from..<to).contains(hour) : hour >= from || hour < to
    }
  }

  public init(mode: AgentMode, quiet: Quiet? = nil) {
    self.mode = mode
    self.quiet = quiet
  }

  /// What may be done at a moment.
  public func mode(at: Instant, paused: Bool) -> AgentMode {
    let hour = (at.seconds % 86_400 + 86_400) % 86_400 / 3_600
    return paused || (quiet?.contains(hour) ?? false) ? min(mode, .propose) : mode
  }

  public enum Fault: Error, Hashable, Sendable {
    /// The agent's own user could write or replace it, so it bounds nothing.
    case writable(path: String)
    /// The agent runs as root, which can write everything. So that nothing but a deliberate act of
    /// root's changes it, the file must be root's and writable by nobody (`chmod 0444`), in a
    /// folder that only root may write to. Better, the agent runs as a user of its own.
    case notRoots(path: String)
    case unreadable(path: String, line: Int)
  }

  /// Reads a policy; without a file an agent only observes.
  ///
  /// `trusted` is for the embedded engines, whose agent and office are one process: there the file
  /// is the office's own. `user` is the agent's, this process's unless said.
  public init(
    path: String, trusted: Bool = false, user: UInt32? = nil
  ) throws(Fault) {
    guard FileManager.default.fileExists(atPath: path) else {
      self.init(mode: .observe)
      return
    }
    let user = user ?? geteuid()
    if !trusted, user != 0, AgentPolicy.couldWrite(path, user) { throw .writable(path: path) }
    if !trusted, user == 0, !AgentPolicy.isRootsAlone(path) { throw .notRoots(path: path) }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      // Whatever the reason, a policy that cannot be read bounds everything.
      throw .unreadable(path: path, line: 0)
    }
    var mode: AgentMode?
    var quiet: Quiet?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let words = line.prefix { $0 != "#" }.split(whereSeparator: { " \t:".contains($0) })
      guard !words.isEmpty else { continue }
      guard words.count == 2 else { throw .unreadable(path: path, line: number + 1) }
      switch words[0] {
      case "mode":
        guard mode == nil, let word = AgentMode(rawValue: String(words[1])) else {
          throw .unreadable(path: path, line: number + 1)
        }
        mode = word
      case "quiet":
        guard quiet == nil, let hours = Quiet(words[1]) else {
          throw .unreadable(path: path, line: number + 1)
        }
        quiet = hours
      default: throw .unreadable(path: path, line: number + 1)
      }
    }
    self.init(mode: mode ?? .observe, quiet: quiet)
  }

  /// Whether a user could write a file, make it writable, or put another in its place or in that of
  /// anything on the way to it. Groups count as everybody's: who is in one may change later.
  private static func couldWrite(_ path: String, _ user: uid_t) -> Bool {
    guard let way = PolicyPath(path) else { return true }
    return way.file.st_uid == user || way.file.st_mode & 0o022 != 0
      || way.owners.contains(user) || way.isOpen
  }

  /// Whether a file is root's, nobody may write it, root included, without making it so first, and
  /// nobody but root may put another in its place or in that of anything on the way to it.
  private static func isRootsAlone(_ path: String) -> Bool {
    guard let way = PolicyPath(path) else { return false }
    return way.file.st_uid == 0 && way.file.st_mode & 0o222 == 0
      && way.owners.allSatisfy { $0 == 0 } && !way.isOpen
  }

  /// Whether somebody at the centre holds everything.
  public static func isPaused(beside path: String) -> Bool {
    let folder = (path as NSString).deletingLastPathComponent
    return FileManager.default.fileExists(atPath: folder + "/pause")
  }
}
