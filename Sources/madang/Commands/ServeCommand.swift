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
  @Option(
    name: .long,
    help: .said(
      ko: "프록시의 IP 주소: 누구를 대신하는지(X-Forwarded-For)는 이 프록시의 말만 믿습니다.",
      en: "The proxy's IP address: for whom it speaks (X-Forwarded-For) is believed of it alone."))
  var proxy: String?
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

extension ListenOptions {
  func trustedProxy(_ output: Output) throws -> TrustedProxy? {
    guard let proxy else { return nil }
    guard let trusted = TrustedProxy(proxy) else {
      throw Failure.usage(
        output, ko: "--proxy에는 IP 주소를 주십시오(예: 127.0.0.1).",
        en: "--proxy takes an IP address, such as 127.0.0.1.")
    }
    return trusted
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
  @Flag(
    name: .long,
    help: .said(
      ko: "마지막 사건부터 이틀 넘는 날을 지나게 합니다. 이 기기의 시계가 맞을 때만 쓰십시오.",
      en: "Pass the days since the newest event, more than two: the machine's clock is right."))
  var clockIsRight = false

  func run() throws {
    try Serving(common: common, listening: listening, clockIsRight: clockIsRight).run()
  }
}

/// The office's process at work.
struct Serving {
  let common: CommonOptions
  let listening: ListenOptions
  var clockIsRight = false

  func run() throws {
    let output = common.output
    // What was printed before is read now, not when the yard closes: a pipe or a file is buffered.
    fflush(nil)
    let office = try YardOffice(common, patienceSeconds: 10)
    try checkClock(office.yard, output)
    let answering = try answer(office, output)
    let stop = StopRequest()
    output.remark(
      ko: "\(common.folder.path)을(를) 맡았습니다. Ctrl-C로 끝냅니다.",
      en: "Working on \(common.folder.path). Ctrl-C ends it.")
    var told = Told()
    while !stop.isAsked {
      guard let next = try round(office.yard, &told, output) else {
        Thread.sleep(forTimeInterval: 1)
        continue
      }
      tell(office.yard, &told, output)
      let seconds = max(0, next.seconds - office.yard.now.seconds)
      office.wait(milliseconds: seconds == 0 ? 20 : 200)
    }
    // The journal stays open until the last answer is given: first nobody asks any more.
    answering?.stop()
    try office.close()
    output.remark(ko: "끝냈습니다.", en: "Done.")
  }

  /// A round, and when there is something to do next. Nothing where it could not be written: that
  /// is told and tried again, and whoever only reads goes on.
  private func round(_ yard: Yard, _ told: inout Told, _ output: Output) throws -> Instant? {
    do throws(YardFailure) {
      let next = try yard.round()
      if told.failure != nil {
        output.remark(ko: "업무를 다시 이어 갑니다.", en: "The office's work goes on again.")
      }
      told.failure = nil
      return next
    } catch {
      guard error.passes, case .journal(let failure) = error else {
        return try output.yarding { () throws(YardFailure) in throw error }
      }
      if told.failure != failure {
        output.remark(
          ko: "업무가 멈추어 다시 시도합니다. \(failure.code) \(failure.what(.ko)) \(failure.help(.ko))",
          en: "The office's work waits, and is tried again. "
            + "\(failure.code) \(failure.what(.en)) \(failure.help(.en))")
      }
      told.failure = failure
      return nil
    }
  }

  /// Time that was passed by a clock that was wrong never comes back: a long gap is for a person to
  /// look at first.
  private func checkClock(_ yard: Yard, _ output: Output) throws {
    guard let gap = yard.gapSeconds, !clockIsRight else { return }
    let days = (gap / 86_400).grouped
    throw Failure(
      code: "MDG-3017",
      what: output.say(
        ko: "이 기기의 시계는 최근 사건보다 \(days)일 뒤입니다. 그 사이의 기한과 기간이 한꺼번에 지나게 됩니다.",
        en:
          "This machine's clock is \(days) days after the newest event: all that was due in "
          + "between would lapse and end at once."),
      help: output.say(
        ko: "시계를 확인하십시오. 맞으면 --clock-is-right로 한 번 시작하십시오.",
        en: "Check the clock. Where it is right, start once with --clock-is-right."),
      json: common.json)
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
    let proxy = try listening.trustedProxy(output)
    let server = try output.refusing { () throws(HTTPRefusal) in
      try OfficeServer(
        door: office.yard.desk, counter: counter, address: address, tls: files, openID: openID,
        proxy: proxy, stopsOn: [], clock: { clock.now },
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
  private func tell(_ yard: Yard, _ told: inout Told, _ output: Output) {
    let ahead = yard.clock.aheadSeconds
    if (ahead > 0) != told.clockIsAhead {
      told.clockIsAhead = ahead > 0
      output.remark(
        ko: ahead > 0
          ? "이 기기의 시계가 \(ahead.grouped)초 앞으로 뛰어 따르지 않습니다. 그것이 맞으면 다시 시작하십시오."
          : "이 기기의 시계가 다시 맞습니다.",
        en: ahead > 0
          ? "This machine's clock stepped ahead by \(ahead.grouped) s, and is not followed. "
            + "Where it is right, start again."
          : "This machine's clock is right again.")
    }
    for (segment, refusal) in yard.refusedUsage.take() {
      output.remark(
        ko: "사용량 \(segment.key.job)/\(segment.key.number): \(refusal.code) \(refusal.what(.ko))",
        en: "usage \(segment.key.job)/\(segment.key.number): \(refusal.code) \(refusal.what(.en))")
    }
    guard yard.troubles != told.troubles else { return }
    for cluster in yard.journal.programme.clusters.ids
    where yard.troubles[cluster] != told.troubles[cluster] {
      let slug = yard.journal.programme.clusters[cluster].slug
      let trouble = yard.troubles[cluster]
      output.remark(
        ko: "\(slug): \(trouble ?? "다시 정상입니다.")", en: "\(slug): \(trouble ?? "well again.")")
    }
    told.troubles = yard.troubles
  }

  /// What was said of what goes wrong, so that it is said once.
  private struct Told {
    var troubles: [ClusterID: String] = [:]
    var failure: JournalError?
    var clockIsAhead = false
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
