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
    abstract: .said(
      ko: "에이전트: 사무국과 센터에서 클러스터를 대신해 말하는 것.",
      en: "Agents: who speaks for a cluster, at the office and at the centre."),
    discussion: .said(
      ko: "사무국에서는 토큰을 내주고 serve로 기다리며, 센터에서는 enrol과 run을 합니다.",
      en: "The office gives out a token and waits with serve; the centre does enrol and run.",
      examples: """
        madang agent
        madang agent token --cluster naver-h200-32
        madang serve --listen 0.0.0.0:8443 --certificate office.pem --certificate-key office.key
        madang agent enrol --office https://office.example:8443 --token @token.txt \\
          --folder /var/lib/madang
        madang agent run --folder /var/lib/madang --cluster cluster-5 --model model-2 \\
          --inventory https://operator.example/inventory.json
        """),
    subcommands: [
      AgentList.self, AgentToken.self, AgentRevoke.self, AgentEnrol.self, AgentRun.self,
      AgentOrder.self,
    ], defaultSubcommand: AgentList.self)
}

struct AgentList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: .said(
      ko: "등록된 에이전트와 각각 마지막으로 보고한 때.",
      en: "Agents that were enrolled, and when each was heard last."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listAgents")
  }
}

struct AgentToken: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token",
    abstract: .said(
      ko: "하루 안에 에이전트 하나가 클러스터에 등록할 수 있는 토큰을 내줍니다.",
      en: "Give out a token with which one agent may enrol for a cluster, within a day."),
    discussion: .said(
      ko: "해시만 보관하므로 한 번만 보여 줍니다.",
      en: "It is shown once: only its digest is kept."))
  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: .said(ko: "클러스터의 짧은 이름.", en: "The cluster, by short name."))
  var cluster: String

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
    commandName: "revoke",
    abstract: .said(ko: "에이전트의 보고를 영구히 더 받지 않습니다.", en: "Listen to an agent no more, for good."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "agent-1") var agent: String

  func run() throws {
    try common.give("revokeAgent", ["agent": agent], write)
  }
}

struct AgentEnrol: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "enrol",
    abstract: .said(
      ko: "센터에서: 키를 만들어 사무국에 등록합니다.",
      en: "At a centre: make a key, and have the office let it speak."))
  @OptionGroup var common: CommonOptions
  @Option(
    name: .long,
    help: .said(ko: "사무국 서버: https://HOST:PORT.", en: "The office's server: https://HOST:PORT."))
  var office: String
  @Option(
    name: .long,
    help: .said(
      ko: "토큰이 든 @FILE, 또는 표준 입력의 첫 줄이면 -.",
      en: "@FILE that holds the token, or - for the first line of standard input.",
      valueName: "@file"))
  var token: String
  @Option(
    name: .long,
    help: .said(
      ko: "에이전트가 키와 하는 일을 보관하는 폴더.", en: "Where the agent keeps its key and what it does."),
    completion: .directory) var folder: String
  @Option(
    name: .long,
    help: .said(
      ko: "사무국을 보증할 인증기관의 PEM 파일. 없으면 시스템의 목록.",
      en: "A PEM file of who may vouch for the office; else the system's list."),
    completion: .file()) var authority: String?

  func run() throws {
    let output = common.output
    guard let address = OfficeAddress(office) else {
      throw Failure(AgentClientFailure.noOffice(office), output)
    }
    let secret = try secret(output)
    let agent = try output.refusing { () throws(AgentClientFailure) in
      try AgentClient.enrol(
        at: address, token: secret, authority: authority, folder: folder,
        language: output.language)
    }
    output.print(
      text: output.say(ko: "\(agent)(으)로 등록했습니다.", en: "Enrolled as \(agent)."),
      json: .object([("agent", .text("\(agent)"))]))
  }

  /// The token. Never an argument: others on the machine see those, and whoever is first enrols.
  private func secret(_ output: Output) throws -> String {
    if token == "-" { return readLine() ?? "" }
    guard token.hasPrefix("@") else {
      throw Failure.usage(
        output, ko: "토큰은 인자로 줄 수 없습니다. 파일에 두고 --token @파일, 또는 표준 입력으로 --token -을 쓰십시오.",
        en: "A token is never an argument: keep it in a file (--token @file), or send it to "
          + "standard input (--token -).")
    }
    let path = String(token.dropFirst())
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure.unknown(path, output)
    }
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

struct AgentOrder: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "order",
    abstract: .said(
      ko: "센터에서: 운영사업자가 할 일, 곧 어느 서버를 어느 할당에 둘지.",
      en: "At a centre: what the operator is asked to do, that is which server is to be whose."),
    discussion: .said(
      ko: "에이전트의 사용자로 실행합니다. 운영사업자는 자기 방식대로 하고, 자산 목록에 결과를 적습니다.",
      en: "Run it as the agent's user. The operator does it in its own way, and says so in its "
        + "inventory.",
      examples: """
        madang agent order --folder /var/lib/madang
        sudo -u madang-agent madang agent order --folder /var/lib/madang --json
        """))
  @OptionGroup var common: CommonOptions
  @Option(
    name: .long, help: .said(ko: "에이전트의 폴더.", en: "The agent's folder."), completion: .directory)
  var folder: String

  func run() throws {
    let output = common.output
    let found: WorkOrder?
    do throws(EngineFailure) {
      found = try HandoverEngine.order(in: folder + "/engine")
    } catch {
      throw Failure(error, output)
    }
    guard let order = found else {
      output.print(
        text: output.say(ko: "아직 할 일이 없습니다.", en: "Nothing was asked yet."), json: .null)
      return
    }
    var table = Table([
      (output.say(ko: "서버", en: "server"), .left), (output.say(ko: "할당", en: "allocation"), .left),
      (output.say(ko: "상태", en: "state"), .left),
    ])
    for server in order.servers {
      table.add(
        server.serial.value, "\(server.allocation)",
        server.suspended
          ? output.say(ko: "이용정지", en: "suspended") : output.say(ko: "사용", en: "in use"))
    }
    let short = order.short.map {
      output.say(
        ko: "\($0.allocation): GPU \($0.gpus)장이 모자랍니다.",
        en: "\($0.allocation) is short of \(counted($0.gpus, "GPU")).")
    }
    let others = output.say(
      ko: "여기에 없는데 누군가 가진 서버는 돌려받습니다.",
      en: "A server that somebody holds and that is not here is to be taken back.")
    output.print(
      text: ([table.text, others] + short).joined(separator: "\n"), json: AgentOrder.json(order))
  }

  private static func json(_ order: WorkOrder) -> JSON {
    .object([
      ("generation", .int(order.generation)),
      (
        "servers",
        .array(
          order.servers.map {
            .object([
              ("serial", .text($0.serial.value)), ("allocation", .text("\($0.allocation)")),
              ("suspended", .bool($0.suspended)),
            ])
          })
      ),
      (
        "short",
        .array(
          order.short.map {
            .object([("allocation", .text("\($0.allocation)")), ("gpus", .int($0.gpus))])
          })
      ),
    ])
  }
}

struct AgentRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: .said(
      ko: "센터에서: 멈추라고 할 때까지 엔진을 읽고 계량하여 보고합니다.",
      en: "At a centre: read the engine back, meter and report, until told to stop."),
    discussion: .said(
      ko: """
        무엇을 바꿀 수 있는지는 정책 파일이 정합니다. 에이전트의 사용자가 쓸 수 없는 파일이어야 하며, 없으면 읽기만 합니다.
        """,
      en: """
        What it may change is for the policy to say, a file that the agent's user must not \
        be able to write; without one it only observes.
        """))
  @OptionGroup var common: CommonOptions
  @Option(
    name: .long, help: .said(ko: "에이전트의 폴더.", en: "The agent's folder."), completion: .directory)
  var folder: String
  @Option(
    name: .long,
    help: .said(ko: "클러스터의 식별자: cluster-5.", en: "The cluster's identifier: cluster-5."))
  var cluster: String
  @Option(
    name: .long,
    help: .said(ko: "그 GPU 기종의 식별자: model-2.", en: "Its device model's identifier: model-2."))
  var model: String
  @Option(
    name: .long,
    help: .said(
      ko: "운영사업자의 자산 목록: 파일 또는 주소.", en: "The operator's inventory: a file or an address."))
  var inventory: String
  @Option(
    name: .long, help: .said(ko: "운영사업자의 정책 파일.", en: "The operator's policy."), completion: .file()
  )
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
        // One answer of the office's at a time: it does not decide when the policy is read again.
        due = runner.turn(at: now) ?? now
        let found = [allowed.fault, runner.trouble].compactMap { $0 }
        let told = found.isEmpty ? nil : found.joined(separator: "; ")
        if told != trouble {
          trouble = told
          output.remark(ko: trouble ?? "다시 정상입니다.", en: trouble ?? "well again.")
        }
      }
      if due > now { Thread.sleep(forTimeInterval: 0.2) }
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
