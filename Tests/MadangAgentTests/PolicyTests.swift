import Foundation
import MadangAgent
import MadangProgramme
import Testing

struct PolicyTests {
  @Test func `without a policy an agent only observes`() throws {
    let folder = try Folder()
    #expect(try AgentPolicy(path: folder.file("policy")) == AgentPolicy(mode: .observe))
  }

  @Test func `a policy says how far, and when not`() throws {
    #expect(
      try policy("mode: apply\nquiet: 22-06  # by night\n\n# or never\n")
        == AgentPolicy(mode: .apply, quiet: .init(from: 22, to: 6)))
    #expect(try policy("mode propose\n") == AgentPolicy(mode: .propose))
    #expect(try policy("") == AgentPolicy(mode: .observe))
  }

  @Test func `what cannot be read bounds everything`() throws {
    let broken: [(text: String, line: Int)] = [
      ("mode: everything", 1), ("mode:", 1), ("\nmode: apply now", 2), ("quiet: 22", 1),
      ("quiet: 22-25", 1), ("quiet: a-b", 1), ("quiet: 22-06-07", 1), ("apply", 1),
      ("quiet: -5-3", 1), ("quiet: 22--06", 1), ("modus: apply", 1), ("mode: apply\0", 1),
      ("mode: apply\nmode: observe", 2),
    ]
    for row in broken {
      let folder = try Folder()
      let path = try folder.write(row.text, to: "policy")
      #expect(throws: AgentPolicy.Fault.unreadable(path: path, line: row.line), "\(row.text)") {
        try AgentPolicy(path: path, trusted: true)
      }
    }
    let folder = try Folder()
    let bytes = folder.file("policy")
    try Data([0xFF, 0xFE, 0x6D]).write(to: URL(fileURLWithPath: bytes))
    #expect(throws: AgentPolicy.Fault.unreadable(path: bytes, line: 0)) {
      try AgentPolicy(path: bytes, trusted: true)
    }
  }

  @Test func `in quiet hours, and while somebody holds it, an agent proposes at most`() {
    let rows: [(policy: AgentPolicy, hour: Int64, paused: Bool, mode: AgentMode)] = [
      (AgentPolicy(mode: .apply), 12, false, .apply),
      (AgentPolicy(mode: .apply), 12, true, .propose),
      (AgentPolicy(mode: .propose), 12, true, .propose),
      (AgentPolicy(mode: .observe), 12, true, .observe),
      (AgentPolicy(mode: .apply, quiet: .init(from: 22, to: 6)), 21, false, .apply),
      (AgentPolicy(mode: .apply, quiet: .init(from: 22, to: 6)), 22, false, .propose),
      (AgentPolicy(mode: .apply, quiet: .init(from: 22, to: 6)), 0, false, .propose),
      (AgentPolicy(mode: .apply, quiet: .init(from: 22, to: 6)), 5, false, .propose),
      (AgentPolicy(mode: .apply, quiet: .init(from: 22, to: 6)), 6, false, .apply),
      (AgentPolicy(mode: .apply, quiet: .init(from: 9, to: 12)), 9, false, .propose),
      (AgentPolicy(mode: .apply, quiet: .init(from: 9, to: 12)), 12, false, .apply),
      (AgentPolicy(mode: .apply, quiet: .init(from: 9, to: 9)), 9, false, .apply),
      (AgentPolicy(mode: .observe, quiet: .init(from: 9, to: 12)), 10, false, .observe),
    ]
    for row in rows {
      for day in [Int64(-1), 0, 20_000] {
        let at = Instant(day * 86_400 + row.hour * 3_600 + 1_799)
        #expect(row.policy.mode(at: at, paused: row.paused) == row.mode, "\(row)")
      }
    }
  }

  @Test func `a file named pause stops every change until it is gone`() throws {
    let folder = try Folder()
    let path = folder.file("policy")
    #expect(!AgentPolicy.isPaused(beside: path))
    let pause = try folder.write("", to: "pause")
    #expect(AgentPolicy.isPaused(beside: path))
    try FileManager.default.removeItem(atPath: pause)
    #expect(!AgentPolicy.isPaused(beside: path))
  }

  /// The agent's user is 4242; files and folders are owned and open as the rows say.
  @Test func `a policy that the agent could write is none`() throws {
    guard geteuid() == 0 else {
      // Only root can give files to somebody else; what one owns oneself is refused all the same.
      let folder = try Folder()
      let path = try folder.write("mode: apply", to: "policy")
      #expect(throws: AgentPolicy.Fault.writable(path: path)) { try AgentPolicy(path: path) }
      return
    }
    let agent: uid_t = 4_242
    let rows: [(file: (uid_t, mode_t), folder: (uid_t, mode_t), bounds: Bool)] = [
      ((0, 0o644), (0, 0o755), true), ((7, 0o640), (7, 0o755), true),
      ((0, 0o644), (0, 0o1777), true),
      // Its own, though not writable: it could make it so.
      ((agent, 0o444), (0, 0o755), false), ((agent, 0o644), (0, 0o755), false),
      ((0, 0o666), (0, 0o755), false), ((0, 0o664), (0, 0o755), false),
      // A folder in which it may put another file in the place of this one.
      ((0, 0o644), (agent, 0o755), false), ((0, 0o644), (0, 0o777), false),
      ((0, 0o644), (0, 0o775), false), ((0, 0o644), (agent, 0o1777), false),
    ]
    for row in rows {
      let folder = try Folder()
      let path = try folder.write("mode: apply", to: "policy")
      #expect(chmod(path, row.file.1) == 0 && chown(path, row.file.0, row.file.0) == 0)
      #expect(
        chown(folder.path, row.folder.0, row.folder.0) == 0
          && chmod(folder.path, row.folder.1) == 0)
      let mode = try? AgentPolicy(path: path, user: agent).mode
      #expect(mode == (row.bounds ? .apply : nil), "\(row)")
      #expect(try AgentPolicy(path: path, trusted: true, user: agent).mode == .apply)
    }
  }

  /// A root-run agent took any file for its bound, one that everybody could write to among them.
  @Test func `an agent that runs as root is bounded by what only root changes, and on purpose`()
    throws
  {
    // Only root can give files to somebody else.
    guard geteuid() == 0 else { return }
    let rows: [(file: (uid_t, mode_t), folder: (uid_t, mode_t), bounds: Bool)] = [
      ((0, 0o444), (0, 0o755), true), ((0, 0o400), (0, 0o700), true),
      ((0, 0o444), (0, 0o1777), true),
      ((0, 0o644), (0, 0o755), false), ((0, 0o464), (0, 0o755), false),
      ((7, 0o444), (0, 0o755), false), ((0, 0o444), (7, 0o755), false),
      ((0, 0o444), (0, 0o775), false), ((0, 0o444), (0, 0o777), false),
    ]
    for row in rows {
      let folder = try Folder()
      let path = try folder.write("mode: apply", to: "policy")
      #expect(chmod(path, row.file.1) == 0 && chown(path, row.file.0, row.file.0) == 0)
      #expect(
        chown(folder.path, row.folder.0, row.folder.0) == 0
          && chmod(folder.path, row.folder.1) == 0)
      let mode = try? AgentPolicy(path: path, user: 0).mode
      #expect(mode == (row.bounds ? .apply : nil), "\(row)")
    }
  }

  /// Only the folder that the file is in was looked at.
  @Test func `a policy below a folder that the agent could write is none, link or no link`()
    throws
  {
    // Only root can give folders to somebody else.
    guard geteuid() == 0 else { return }
    let agent: uid_t = 4_242
    let rows: [(folder: (uid_t, mode_t), bounds: Bool)] = [
      ((0, 0o755), true), ((0, 0o1777), true), ((agent, 0o755), false), ((0, 0o777), false),
    ]
    for row in rows {
      for user in [agent, 0] {
        let folder = try Folder()
        let inner = folder.file("inner/more")
        try FileManager.default.createDirectory(
          atPath: inner, withIntermediateDirectories: true)
        let path = try folder.write("mode: apply", to: "inner/more/policy")
        #expect(chmod(path, 0o444) == 0)
        let outer = folder.file("inner")
        #expect(chown(outer, row.folder.0, 0) == 0 && chmod(outer, row.folder.1) == 0)
        #expect((try? AgentPolicy(path: path, user: user).mode) == (row.bounds ? .apply : nil))
        // A link from a folder of root's leads the same way.
        let straight = try Folder()
        let link = straight.file("policy")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        #expect((try? AgentPolicy(path: link, user: user).mode) == (row.bounds ? .apply : nil))
        let way = straight.file("way")
        try FileManager.default.createSymbolicLink(atPath: way, withDestinationPath: inner)
        #expect(
          (try? AgentPolicy(path: way + "/../more/policy", user: user).mode)
            == (row.bounds ? .apply : nil))
        // The agent's own link can lead elsewhere at any time.
        #expect(lchown(link, agent, agent) == 0)
        #expect((try? AgentPolicy(path: link, user: user).mode) == nil)
      }
    }
  }

  private func policy(_ text: String) throws -> AgentPolicy {
    let folder = try Folder()
    defer { withExtendedLifetime(folder) {} }
    return try AgentPolicy(path: try folder.write(text, to: "policy"), trusted: true)
  }
}

/// A folder for one test, gone with it.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "madang-agent-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}
