import ArgumentParser
import Foundation
import MadangAgent
import MadangEngines
import MadangJournal
import MadangProgramme
import MadangServer
import MadangTransport
import MadangViews

struct AgentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agent",
    abstract: "Agents: who speaks for a cluster, at the office and at the centre.",
    discussion: """
      At the office:
        madang agent
        madang agent token --cluster naver-h200-32
        madang serve --listen 0.0.0.0:8443 --certificate office.pem --certificate-key office.key
      At the centre:
        madang agent enrol --office https://office.example:8443 --token … --folder /var/lib/madang
        madang agent run --folder /var/lib/madang --cluster cluster-5 --model model-2 \\
          --inventory https://operator.example/inventory.json
      """,
    subcommands: [
      AgentList.self, AgentToken.self, AgentRevoke.self, AgentEnrol.self, AgentRun.self,
    ], defaultSubcommand: AgentList.self)
}

struct AgentList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Agents that were enrolled, and when each was heard last.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listAgents")
  }
}

struct AgentToken: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: "Give out a token with which one agent may enrol for a cluster, within a day.",
    discussion: "It is shown once: only its digest is kept.")
  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: "The cluster, by short name.") var cluster: String

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.cluster(cluster, output)
    let operations = try Office.operations(common)
    let token = try output.refusing { () throws(JournalError) in
      // Its time is the yard's, whose clock other jobs may be measured by.
      let clock = try YardClock(programme, operations, jobsRun: true)
      let token = try Desk.token(for: id, operations, at: max(clock.now, programme.now))
      try operations.close()
      return token
    }
    output.print(
      text: token, json: .object([("token", .text(token)), ("cluster", .text("\(id)"))]))
  }
}

struct AgentRevoke: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Listen to an agent no more, for good.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "agent-1") var agent: String

  func run() throws {
    try common.give("revokeAgent", ["agent": agent], write)
  }
}

struct AgentEnrol: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrol", abstract: "At a centre: make a key, and have the office let it speak.")
  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: "The office's server: https://HOST:PORT.") var office: String
  @Option(name: .long, help: "The token, or @FILE that holds it.") var token: String
  @Option(
    name: .long, help: "Where the agent keeps its key and what it does.",
    completion: .directory) var folder: String
  @Option(
    name: .long, help: "A PEM file of who may vouch for the office; else the system's list.",
    completion: .file()) var authority: String?

  func run() throws {
    let output = common.output
    guard let address = OfficeAddress(office) else {
      throw Failure(AgentClientFailure.noOffice(office), output)
    }
    var secret = token
    if token.hasPrefix("@") {
      let path = String(token.dropFirst())
      guard let data = FileManager.default.contents(atPath: path) else {
        throw Failure.unknown(path, output)
      }
      secret = String(decoding: data, as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let agent = try output.refusing { () throws(AgentClientFailure) in
      try AgentClient.enrol(
        at: address, token: secret, authority: authority, folder: folder,
        language: output.language)
    }
    output.print(
      text: output.say(ko: "\(agent)(으)로 등록했습니다.", en: "Enrolled as \(agent)."),
      json: .object([("agent", .text("\(agent)"))]))
  }
}

struct AgentRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "At a centre: read the engine back, meter and report, until told to stop.",
    discussion: """
      What it may change is for the policy to say, a file that the agent's user must not be able \
      to write; without one it only observes.
      """)
  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: "The agent's folder.", completion: .directory) var folder: String
  @Option(name: .long, help: "The cluster's identifier: cluster-5.") var cluster: String
  @Option(name: .long, help: "Its device model's identifier: model-2.") var model: String
  @Option(name: .long, help: "The operator's inventory: a file or an address.")
  var inventory: String
  @Option(name: .long, help: "The operator's policy.", completion: .file())
  var policy = "/etc/madang/agent-policy"

  func run() throws {
    let output = common.output
    guard let cluster = ClusterID(cluster) else { throw Failure.unknown(cluster, output) }
    guard let model = DeviceModelID(model) else { throw Failure.unknown(model, output) }
    let transport = try output.refusing { () throws(AgentClientFailure) in
      try AgentClient.transport(folder: folder, language: output.language)
    }
    let address = URL(string: inventory).flatMap {
      ["http", "https"].contains($0.scheme) ? $0 : nil
    }
    let engine: HandoverEngine
    do throws(EngineFailure) {
      engine = try HandoverEngine(
        cluster: cluster, model: model,
        inventory: address.map { .address($0) } ?? .file(path: inventory),
        folder: folder + "/engine", digest: { SHA256.hash($0) })
    } catch {
      throw Failure(error, output)
    }
    var generator = SystemRandomNumberGenerator()
    let loop = AgentLoop(
      cluster: cluster, instance: EngineJob(high: generator.next(), low: generator.next()),
      mode: .observe)
    var runner = AgentRunner(loop, engine: engine, transport: transport)
    let stop = StopRequest()
    output.remark(ko: "\(transport.agent)(으)로 보고합니다.", en: "Reporting as \(transport.agent).")
    var due = YardClock.machine
    var trouble: String?
    while !stop.isAsked {
      let now = YardClock.machine
      if AgentLoop.isDue(due, at: now) {
        let allowed = mode(at: now, output)
        runner.allow(allowed.mode)
        due = runner.round(at: now)
        let found = [allowed.fault, runner.trouble].compactMap { $0 }
        let told = found.isEmpty ? nil : found.joined(separator: "; ")
        if told != trouble {
          trouble = told
          output.remark(ko: trouble ?? "다시 정상입니다.", en: trouble ?? "well again.")
        }
      }
      Thread.sleep(forTimeInterval: 0.2)
    }
  }

  /// How far it may go now. A policy that bounds nothing lets nothing be changed, and says why;
  /// what is found is read back, metered and reported all the same.
  private func mode(at: Instant, _ output: Output) -> (mode: AgentMode, fault: String?) {
    do throws(AgentPolicy.Fault) {
      let mode = try AgentPolicy(path: policy).mode(
        at: at, paused: AgentPolicy.isPaused(beside: policy))
      return (mode, nil)
    } catch {
      return (.observe, reason(error, output))
    }
  }

  private func reason(_ fault: AgentPolicy.Fault, _ output: Output) -> String {
    switch fault {
    case .writable(let path):
      output.say(
        ko: "\(path): 에이전트의 사용자가 고칠 수 있는 정책은 한계가 되지 못합니다. "
          + "파일과 그 위의 모든 폴더를 다른 사용자의 것으로 두십시오.",
        en: "\(path): a policy that the agent's user can change bounds nothing; "
          + "give file and all folders above it to another user.")
    case .notRoots(let path):
      output.say(
        ko: "\(path): root로 실행하는 에이전트의 정책은 root의 파일이고 쓰기 권한이 없어야 합니다(chmod 0444). "
          + "에이전트 전용 사용자로 실행하는 편이 낫습니다.",
        en: "\(path): the policy of an agent that runs as root must be root's and writable by "
          + "nobody (chmod 0444); better, run the agent as a user of its own.")
    case .unreadable(let path, let line):
      output.say(
        ko: "\(path): \(line)번째 줄을 읽을 수 없습니다.", en: "\(path): line \(line) cannot be read.")
    }
  }
}
