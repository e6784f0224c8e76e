import ArgumentParser
import Foundation
import MadangAccess
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews
import Synchronization

/// Where pages, API and agents are answered.
struct ListenOptions: ParsableArguments {
  @Option(
    name: .long,
    help: .said(
      ko: "HOST:PORT에서 브라우저, 프로그램, 에이전트에 답합니다. 이 기기 밖으로는 TLS만.",
      en: "Answer browsers, programs and agents at HOST:PORT; beyond the loopback by TLS only."))
  var listen: String?
  @Option(
    name: .long, help: .said(ko: "사무국 인증서, PEM.", en: "The office's certificate, PEM."),
    completion: .file())
  var certificate: String?
  @Option(
    name: .long, help: .said(ko: "그 개인키, PEM.", en: "Its private key, PEM."), completion: .file())
  var certificateKey: String?
  @OptionGroup var signIn: SignInOptions
  @Option(
    name: .long,
    help: .said(
      ko: "화면에서 회차를 시험할 규칙 폴더. 없으면 사업 폴더의 what-if.",
      en: "Rule sets that the pages try rounds under; else the what-if of the programme's folder."),
    completion: .directory)
  var whatIf: String?

  func files(_ output: Output) throws -> TLSFiles? {
    switch (certificate, certificateKey) {
    case (let certificate?, let key?): TLSFiles(certificate: certificate, key: key)
    case (nil, nil): nil
    default:
      throw Failure.usage(
        output, ko: "--certificate와 --certificate-key를 함께 주십시오.",
        en: "Give both --certificate and --certificate-key.")
    }
  }
}

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: .said(
      ko: "멈추라고 할 때까지 사무국의 일을 합니다: 화면, API, 에이전트, 작업, 한도, 시간.",
      en: "Do the office's work until told to stop: pages, API, agents, jobs, budgets, hours."),
    discussion: .said(
      ko: """
        작업은 곁에서 제출하고 취소합니다. 끝나도 실행 중인 작업은 계속되며, 다시 시작하면 이어받습니다.
        """,
      en: """
        Jobs are submitted and canceled beside it. Jobs that run go on when it ends, and are \
        taken over when it starts again.
        """,
      examples: """
        madang serve --listen 127.0.0.1:8080
        madang serve --listen 0.0.0.0:443 --certificate office.pem --certificate-key office.key
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var listening: ListenOptions

  func run() throws { try Serving(common: common, listening: listening).run() }
}

/// The office's process at work.
struct Serving {
  let common: CommonOptions
  let listening: ListenOptions

  func run() throws {
    let output = common.output
    // What was printed before is read now, not when the yard closes: a pipe or a file is buffered.
    fflush(nil)
    let office = try YardOffice(common, patienceSeconds: 10)
    let answering = try answer(office, output)
    let stop = StopRequest()
    output.remark(
      ko: "\(common.folder.path)을(를) 맡았습니다. Ctrl-C로 끝냅니다.",
      en: "Working on \(common.folder.path). Ctrl-C ends it.")
    var known: [ClusterID: String] = [:]
    while !stop.isAsked {
      let next = try output.yarding { () throws(YardFailure) in try office.yard.round() }
      tell(office.yard, &known, output)
      let seconds = max(0, next.seconds - office.yard.now.seconds)
      try office.wait(milliseconds: seconds == 0 ? 20 : 200)
    }
    // The journal stays open until the last answer is given: first nobody asks any more.
    answering?.stop()
    try office.close()
    output.remark(ko: "끝냈습니다.", en: "Done.")
  }

  /// Starts answering browsers, programs and remote agents, beside the office's own work.
  private func answer(_ office: YardOffice, _ output: Output) throws -> Answering? {
    guard let listen = listening.listen else { return nil }
    let files = try listening.files(output)
    raiseOpenFiles()
    let clock = office.yard.clock
    // By the programme's own profile: a password's record is made anew by it when its owner comes.
    let access = try Office.users(common, office.yard.journal.programme)
    let demo = try DemoAccounts.ensured(office.yard.journal, access, output)
    let counter = Counter(
      journal: office.yard.journal, operations: office.yard.operations, access: access,
      demo: demo, otherRules: try OtherRules.read(listening, office.yard.journal.programme, output),
      pulse: office.yard.pulse, clock: { clock.now })
    let scheme = files == nil ? "http" : "https"
    let address = try output.refusing { () throws(HTTPRefusal) in try ListenAddress(listen) }
    let openID = try listening.signIn.settings(
      listening: address, isSecure: files != nil, output)
    let server = try output.refusing { () throws(HTTPRefusal) in
      try OfficeServer(
        door: office.yard.desk, counter: counter, address: address, tls: files, openID: openID,
        stopsOn: [], clock: { clock.now },
        listening: { port in
          output.remark(
            ko: "\(scheme)://\(address.host):\(port) 에서 열었습니다.",
            en: "Open at \(scheme)://\(address.host):\(port)")
        })
    }
    DemoAccounts.tell(demo, output)
    return Answering(server, access, output)
  }

  /// As many open files as the system lets this process have: a connection is one.
  private func raiseOpenFiles() {
    var limit = rlimit()
    let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(files, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
    limit.rlim_cur = limit.rlim_max
    // Where that is refused, fewer connections are open at once.
    _ = setrlimit(files, &limit)
  }

  /// Says what is new of what goes wrong, and what is mended.
  private func tell(_ yard: Yard, _ known: inout [ClusterID: String], _ output: Output) {
    for (segment, refusal) in yard.refusedUsage.take() {
      output.remark(
        ko: "사용량 \(segment.key.job)/\(segment.key.number): \(refusal.code) \(refusal.what(.ko))",
        en: "usage \(segment.key.job)/\(segment.key.number): \(refusal.code) \(refusal.what(.en))")
    }
    guard yard.troubles != known else { return }
    for cluster in yard.journal.programme.clusters.ids
    where yard.troubles[cluster] != known[cluster] {
      let slug = yard.journal.programme.clusters[cluster].slug
      let trouble = yard.troubles[cluster]
      output.remark(
        ko: "\(slug): \(trouble ?? "다시 정상입니다.")", en: "\(slug): \(trouble ?? "well again.")")
    }
    known = yard.troubles
  }
}

/// The server beside the office's own work.
private final class Answering: Sendable {
  private let server: OfficeServer
  private let access: AccessBook
  private let ended = DispatchSemaphore(value: 0)

  init(_ server: OfficeServer, _ access: AccessBook, _ output: Output) {
    self.server = server
    self.access = access
    Task.detached { [ended] in
      do throws(HTTPRefusal) {
        try await server.run()
      } catch {
        output.remark(ko: error.what(.ko), en: error.what(.en))
        exit(1)
      }
      ended.signal()
    }
  }

  /// Takes no more requests, and waits for those in progress, at most as long as the server does.
  func stop() {
    Task.detached { [server] in await server.stop() }
    ended.wait()
    access.flush()
  }
}

/// Whether somebody asked for the end: SIGINT or SIGTERM. Whoever reads the log may go away; that
/// is none.
final class StopRequest {
  private let asked = Flag()
  private var sources: [any DispatchSourceSignal] = []

  private final class Flag: Sendable {
    let isSet = Atomic<Bool>(false)
  }

  init() {
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [asked] in asked.isSet.store(true, ordering: .relaxed) }
      source.resume()
      sources.append(source)
    }
  }

  var isAsked: Bool { asked.isSet.load(ordering: .relaxed) }
}
