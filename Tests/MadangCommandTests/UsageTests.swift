import Foundation
import Testing

struct UsageTests {
  @Test func `usage errors exit with 2, refusals with 1, help with 0`() throws {
    let folder = try TemporaryFolder()
    #expect(try CommandLineRun("nonsense").exitCode == 2)
    #expect(try CommandLineRun("supply", "--frobnicate").exitCode == 2)
    #expect(try CommandLineRun("supply", "--on").exitCode == 2)
    #expect(try CommandLineRun("--help").exitCode == 0)
    #expect(try CommandLineRun("--version").exitCode == 0)
    let missing = try CommandLineRun("supply", data: folder.data)
    #expect(missing.exitCode == 1)
    #expect(missing.error.contains("madang demo"))
    #expect(!FileManager.default.fileExists(atPath: folder.data.path), "reading made a folder")
  }

  @Test func `errors are JSON where JSON was asked for`() throws {
    let folder = try TemporaryFolder()
    let run = try CommandLineRun("supply", "--json", data: folder.data)
    let error = try #require(try run.object()["error"] as? [String: Any])
    #expect(error["code"] as? String == "MDG-3002")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completion scripts are there`(shell: String) throws {
    let run = try CommandLineRun("--generate-completion-script", shell)
    #expect(run.exitCode == 0)
    #expect(run.out.contains("madang"))
  }

  @Test(arguments: [
    "demo", "programme", "supply", "call", "application", "round", "contract", "award", "lending",
    "ledger",
  ])
  func `every command has help`(command: String) throws {
    let run = try CommandLineRun(command, "--help")
    #expect(run.exitCode == 0)
    #expect(run.out.contains("USAGE: madang \(command)"))
  }

  @Test func `a folder's faults come all at once, with file and line`() throws {
    let folder = try TemporaryFolder()
    let copy = folder.url.appendingPathComponent("broken")
    try FileManager.default.copyItem(
      at: CommandLineRun.repository.appendingPathComponent("Programmes/korea-2025"), to: copy)
    let pools = copy.appendingPathComponent("pools.yaml")
    let text = try String(contentsOf: pools, encoding: .utf8)
    try text.replacingOccurrences(of: "50%", with: "60%")
      .appending("surprise: 1\n").write(to: pools, atomically: true, encoding: .utf8)
    let run = try CommandLineRun("programme", "check", copy.path)
    #expect(run.exitCode == 1)
    let faults = (run.out + run.error).split(separator: "\n").filter {
      $0.firstMatch(of: #/^pools\.yaml:\d+: /#) != nil
    }
    #expect(faults.count >= 2, "\(run.out)\(run.error)")
    for name in ["korea-2025", "saltmarsh"] {
      #expect(try CommandLineRun("programme", "check", "Programmes/\(name)").exitCode == 0)
    }
  }

  @Test func `a second country is loaded, and loading it again changes nothing`() throws {
    let folder = try TemporaryFolder()
    let first = try CommandLineRun("programme", "load", "Programmes/saltmarsh", data: folder.data)
    #expect(first.exitCode == 0, "\(first.error)")
    let again = try CommandLineRun("programme", "load", "Programmes/saltmarsh", data: folder.data)
    #expect(again.out.contains("Nothing changed"), "\(again.out)\(again.error)")
    #expect(try CommandLineRun("supply", "capacity", data: folder.data).exitCode == 0)
    let korea = try CommandLineRun("demo", data: folder.data)
    #expect(korea.exitCode == 1)
    #expect(korea.error.contains("MDG-1001"))
  }

  @Test func `the same key is carried out once, and another body with it is refused`() throws {
    let folder = try TemporaryFolder()
    let load = try CommandLineRun("programme", "load", "Programmes/saltmarsh", data: folder.data)
    #expect(load.exitCode == 0, "\(load.error)")
    func register(_ region: String) throws -> CommandLineRun {
      try CommandLineRun(
        "application", "register", "--form", "company", "--region", region, "--key", "k-1",
        "--json",
        data: folder.data)
    }
    let first = try register("north")
    #expect(first.exitCode == 0, "\(first.error)")
    let events = try CommandLineRun("ledger", "verify", "--json", data: folder.data).object()
    #expect(try register("north").exitCode == 0)
    let same = try CommandLineRun("ledger", "verify", "--json", data: folder.data).object()
    #expect(events["events"] as? Int == same["events"] as? Int)
    let other = try register("south")
    #expect(other.exitCode == 1)
    #expect(other.error.contains("MDG-2001"))
  }
}
