import Foundation
import Testing

/// What an operator copies from `deploy/` fits the binary that it starts and watches.
@Suite(.serialized)
struct DeployTests {
  private static func file(_ path: String) -> URL {
    CommandLineRun.repository.appendingPathComponent(path)
  }

  // MARK: The unit

  /// `key=value` by section, with continued lines joined; a key may come again.
  private struct Unit {
    private var values: [String: [String]] = [:]

    init(_ text: String) {
      var section = ""
      for line in text.replacingOccurrences(of: "\\\n", with: "").split(separator: "\n") {
        if line.hasPrefix("#") { continue }
        if line.hasPrefix("[") { section = String(line.dropFirst().dropLast()) }
        guard let equals = line.firstIndex(of: "=") else { continue }
        let key = section + "." + line[..<equals]
        values[key, default: []].append(String(line[line.index(after: equals)...]))
      }
    }

    subscript(key: String) -> String? { values[key]?.last }
  }

  private static func unit() throws -> Unit {
    Unit(try String(contentsOf: file("deploy/madang.service"), encoding: .utf8))
  }

  @Test func `the unit starts a command that there is, with options that it has`() throws {
    let words = try #require(try DeployTests.unit()["Service.ExecStart"])
      .split(separator: " ").map(String.init)
    #expect(words.first == "/usr/bin/madang")
    let dump = try CommandLineRun("--experimental-dump-help").object()
    let root = try #require(dump["command"] as? [String: Any])
    let commands = root["subcommands"] as? [[String: Any]] ?? []
    let command = try #require(
      commands.first { $0["commandName"] as? String == words[1] }, "\(words)")
    var options: [String: String] = [:]
    for argument in command["arguments"] as? [[String: Any]] ?? [] {
      for name in argument["names"] as? [[String: Any]] ?? [] {
        options["--\(name["name"] as? String ?? "")"] = argument["kind"] as? String
      }
    }
    #expect(options["--data"] == "option", "\(options)")
    var given: [String: String] = [:]
    for at in words.indices.dropFirst(2) where words[at].hasPrefix("--") {
      #expect(options[words[at]] == "option" && at + 1 < words.count, "\(words[at])")
      given[words[at]] = words[at + 1]
    }
    #expect(words.count == 2 + 2 * given.count, "each option has a value: \(words)")
    let state = try #require(try DeployTests.unit()["Service.StateDirectory"])
    #expect(given["--data"] == "/var/lib/\(state)", "its folder is the one that is made for it")
    // Beyond the loopback it would be refused without them.
    #expect(given["--certificate"] != nil && given["--certificate-key"] != nil)
  }

  @Test func `the unit has a user of its own, is bounded, and leaves jobs alone`() throws {
    let unit = try DeployTests.unit()
    let expected = [
      "User": "madang", "StateDirectoryMode": "0700", "UMask": "0077", "KillMode": "process",
      "Restart": "on-failure", "CapabilityBoundingSet": "CAP_NET_BIND_SERVICE",
      "AmbientCapabilities": "CAP_NET_BIND_SERVICE", "NoNewPrivileges": "yes",
      "ProtectSystem": "full", "Delegate": "yes", "SystemCallErrorNumber": "EPERM",
      "SystemCallFilter": "~@clock @module @reboot @swap",
      "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes", "ProtectKernelLogs": "yes",
      "ProtectHostname": "yes", "RestrictSUIDSGID": "yes", "RestrictRealtime": "yes",
      "LockPersonality": "yes", "RestrictAddressFamilies": "AF_INET AF_INET6 AF_UNIX AF_NETLINK",
      "SystemCallArchitectures": "native",
    ]
    for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
      #expect(unit["Service.\(key)"] == value, "\(key)")
    }
    // What would take GPUs, cgroups or a compiler of its own from the jobs that it starts, or the
    // folders that they work in, or, at a restart, what they have in /tmp.
    for key in [
      "ProtectHome", "PrivateTmp", "ReadOnlyPaths", "InaccessiblePaths", "TemporaryFileSystem",
      "PrivateDevices", "ProtectClock", "DeviceAllow", "ProtectControlGroups",
      "MemoryDenyWriteExecute", "RestrictNamespaces",
    ] {
      #expect(unit["Service.\(key)"] == nil, "\(key)")
    }
    #expect(unit["Install.WantedBy"] == "multi-user.target")
  }

  private static let analyze = "/usr/bin/systemd-analyze"

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: analyze), "there is no systemd-analyze here")
  )
  func `systemd finds no fault in the unit, and little that it exposes`() throws {
    let folder = try TemporaryFolder()
    // It looks for the program too: where it is once it was installed, nothing is here.
    let text = try String(contentsOf: DeployTests.file("deploy/madang.service"), encoding: .utf8)
    let copy = folder.url.appendingPathComponent("madang.service")
    try text.replacingOccurrences(of: "/usr/bin/madang", with: CommandLineRun.binary.path)
      .write(to: copy, atomically: true, encoding: .utf8)
    for arguments in [["verify"], ["security", "--offline=true", "--threshold=50"]] {
      let process = Process()
      let pipe = Pipe()
      process.executableURL = URL(fileURLWithPath: DeployTests.analyze)
      process.arguments = arguments + [copy.path]
      process.standardOutput = pipe
      process.standardError = pipe
      try process.run()
      let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0, "\(arguments): \(said)")
      #expect(arguments != ["verify"] || said.isEmpty, "\(said)")
    }
  }

  // MARK: The dashboard and the metrics

  private struct Metrics {
    /// Labels of each, from its rows.
    var labels: [String: Set<String>] = [:]

    init(_ text: String) {
      for line in text.split(separator: "\n") {
        if line.hasPrefix("# TYPE ") {
          labels[String(line.split(separator: " ")[2]), default: []] = []
        }
        if line.hasPrefix("#") { continue }
        let parts = line.split(separator: " ")[0].split(separator: "{", maxSplits: 1)
        let names = parts.dropFirst().first?.split(separator: ",")
          .compactMap { $0.split(separator: "=").first.map(String.init) }
        labels[String(parts[0]), default: []].formUnion(names ?? [])
      }
    }
  }

  /// Of a server that was asked for something, so that every row is there.
  private static func metrics() async throws -> Metrics {
    let server = try WebServer(decided: true)
    #expect(try await server.get("/supply").status == 200)
    return Metrics(try await server.get("/metrics").text)
  }

  /// What `pattern`'s one group finds.
  private static func found(_ pattern: String, in text: String) throws -> [String] {
    let expression = try NSRegularExpression(pattern: pattern)
    let range = NSRange(text.startIndex..., in: text)
    return expression.matches(in: text, range: range).compactMap { match in
      Range(match.range(at: 1), in: text).map { String(text[$0]) }
    }
  }

  @Test func `the dashboard asks for metrics and labels that a running server has`() async throws {
    let metrics = try await DeployTests.metrics()
    let data = try Data(contentsOf: DeployTests.file("deploy/grafana.json"))
    let board = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var expressions: [String] = []
    for panel in try #require(board["panels"] as? [[String: Any]]) {
      for target in try #require(panel["targets"] as? [[String: Any]]) {
        let expression = try #require(target["expr"] as? String)
        expressions.append(expression)
        let names = try DeployTests.found("\\b(madang_[a-z0-9_]+)", in: expression)
        #expect(!names.isEmpty, "\(expression)")
        let by = try DeployTests.found("\\bby \\(([a-z_, ]+)\\)", in: expression)
        let legend = try DeployTests.found(
          "\\{\\{([a-z_]+)\\}\\}", in: target["legendFormat"] as? String ?? "")
        let wanted = Set(
          (by.flatMap { $0.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) })
            + legend)
        for name in names {
          let labels = try #require(metrics.labels[name], "no such metric: \(name)")
          #expect(wanted.isSubset(of: labels), "\(name) has \(labels), not \(wanted)")
        }
      }
    }
    // Nothing that can be watched is left out.
    let all = expressions.joined(separator: " ")
    for name in metrics.labels.keys.sorted() { #expect(all.contains(name), "\(name)") }
  }

  @Test func `the dashboard is one that Grafana takes`() throws {
    let data = try Data(contentsOf: DeployTests.file("deploy/grafana.json"))
    let board = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    for key in ["title", "uid", "refresh"] { #expect(board[key] is String, "\(key)") }
    #expect((board["schemaVersion"] as? Int ?? 0) >= 36)
    let templating = try #require(board["templating"] as? [String: Any])
    let variables = try #require(templating["list"] as? [[String: Any]])
    let names = variables.compactMap { $0["name"] as? String }
    var ids: Set<Int> = []
    var taken: Set<Int> = []
    for panel in try #require(board["panels"] as? [[String: Any]]) {
      let title = try #require(panel["title"] as? String)
      #expect(ids.insert(try #require(panel["id"] as? Int)).inserted, "\(title): its id is taken")
      #expect(["timeseries", "stat"].contains(panel["type"] as? String), "\(title)")
      let source = try #require(panel["datasource"] as? [String: String])
      #expect(source["type"] == "prometheus", "\(title)")
      #expect(names.contains { source["uid"] == "${\($0)}" }, "\(title): \(source)")
      let place = try #require(panel["gridPos"] as? [String: Int])
      let (x, y) = (try #require(place["x"]), try #require(place["y"]))
      let (width, height) = (try #require(place["w"]), try #require(place["h"]))
      #expect(x >= 0 && x + width <= 24 && width > 0 && height > 0, "\(title): \(place)")
      for row in y..<y + height {
        for column in x..<x + width {
          #expect(taken.insert(row * 24 + column).inserted, "\(title) lies on another panel")
        }
      }
      let targets = try #require(panel["targets"] as? [[String: Any]])
      let references = targets.compactMap { $0["refId"] as? String }
      #expect(references.count == targets.count && Set(references).count == targets.count)
    }
  }

  @Test func `every metric is documented with its labels, and nothing else is`() async throws {
    let metrics = try await DeployTests.metrics()
    let page = try String(contentsOf: DeployTests.file("docs/operating.md"), encoding: .utf8)
    var documented: [String: Set<String>] = [:]
    for line in page.split(separator: "\n") where line.hasPrefix("| `madang_") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let name = cells[0].trimmingCharacters(in: ["`"])
      documented[name] = Set(try DeployTests.found("`([a-z_]+)`", in: cells[1]))
    }
    #expect(documented == metrics.labels)
  }
}
