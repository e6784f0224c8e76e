import Foundation
import MadangViews
import Testing

/// No command without its place, no operation without its command.
struct CommandTableTests {
  /// Every command that does something, by its words.
  private static func leaves() throws -> [String] {
    let dump = try CommandLineRun("--experimental-dump-help").object()
    let root = try #require(dump["command"] as? [String: Any])
    func walk(_ command: [String: Any], _ above: [String]) -> [String] {
      let parts = (command["subcommands"] as? [[String: Any]] ?? []).filter {
        $0["commandName"] as? String != "help"
      }
      if parts.isEmpty { return [above.joined(separator: " ")] }
      return parts.flatMap { walk($0, above + [$0["commandName"] as? String ?? "?"]) }
    }
    return walk(root, [])
  }

  @Test func `every command is at a server what it is on a folder, or says why not`() throws {
    let leaves = try CommandTableTests.leaves()
    #expect(leaves.count > 60, "\(leaves)")
    #expect(Set(leaves) == Set(CommandTable.all.keys))
    for (_, place) in CommandTable.all.sorted(by: { $0.key < $1.key }) {
      switch place {
      case .both(let operations), .server(let operations):
        for id in operations { #expect(MadangViews.Operation.named(id) != nil, "\(id)") }
      case .folder(let reason), .here(let reason): #expect(!reason.isEmpty)
      }
    }
  }

  @Test func `every operation has its command, or says why not`() {
    var given = Set(CommandTable.otherwise.keys)
    for (_, place) in CommandTable.all.sorted(by: { $0.key < $1.key }) {
      switch place {
      case .both(let operations), .server(let operations): given.formUnion(operations)
      case .folder, .here: continue
      }
    }
    #expect(given == Set(MadangViews.Operation.all.map(\.id)))
  }

  /// They ask nobody, and send nothing.
  @Test func `what works on a folder alone says so of a server`() throws {
    let examples: [String: String] = [
      "programme load": "Programmes/saltmarsh", "ledger export": "/nonexistent/out",
      "job submit": "-- true", "job show": "job-1", "job why": "job-1", "job logs": "job-1",
      "job cancel": "job-1", "job wait": "job-1", "agent token": "--cluster embedded",
      "user add": "kim --password-file README.md", "user grant": "kim",
      "user password": "kim --password-file README.md", "user disable": "kim",
      "user sign-out": "kim", "usage archive": "embedded --before 2026-06-01",
      "usage take-back": "embedded --job 0000000000000001000000000000000a --segment 0",
      "user link": "kim --issuer https://id.example --subject 1",
      "user unlink": "--issuer https://id.example --subject 1", "user identities": "kim",
      "user invite": "kim",
      "user token make": "kim --label x", "user token list": "kim",
      "user token revoke": "kim 1", "demo": "--undecided", "serve": "",
    ]
    for (command, place) in CommandTable.all.sorted(by: { $0.key < $1.key }) {
      guard case .folder = place else { continue }
      let words = command.split(separator: " ") + (examples[command] ?? "").split(separator: " ")
      let run = try CommandLineRun(
        words.map(String.init),
        environment: ["MADANG_SERVER": "http://127.0.0.1:9", "LANG": "en_US.UTF-8"])
      #expect(run.exitCode == 2 && run.error.hasPrefix("MDG-3014"), "\(words): \(run.error)")
    }
  }
}
