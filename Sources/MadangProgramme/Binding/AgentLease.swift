/// Which instance of a cluster's agent the server listens to, as a pure state machine: a second one
/// is fenced off until the first was silent for a lease.
public struct AgentLease: Hashable, Sendable {
  /// Raised whenever another instance takes over: never goes back, whatever restarts.
  public private(set) var epoch: Int64 = 0
  public private(set) var instance: EngineJob?
  public private(set) var sequence: Int64 = 0
  /// The first moment at which another instance may take over.
  public private(set) var until = Instant(0)
  /// Usage that is on the server's disk.
  public private(set) var cursor: Int64 = 0
  /// When what was reported last was read, by the agent's clock and at most the server's: a report
  /// that was read no later was recorded before, and takes nothing over.
  public private(set) var readAt = Instant(0)

  public init() {}

  /// As it was stored.
  public init(
    epoch: Int64, instance: EngineJob?, sequence: Int64, until: Instant, cursor: Int64,
    readAt: Instant
  ) {
    self.epoch = epoch
    self.instance = instance
    self.sequence = sequence
    self.until = until
    self.cursor = cursor
    self.readAt = readAt
  }

  /// Takes a report's word for who is there. `alone` where the server knows that no other instance
  /// lives, because it runs the agent itself: then nobody waits for a lease to end.
  ///
  /// Throws, in this order: another version, another instance's lease, a takeover that was read
  /// before the newest report, an epoch that is over, a report older than one that was taken, usage
  /// that leaves something out. Then nothing changed. Before the lease is asked about, a report
  /// that holds too much or whose usage cannot be from where to where it says.
  public mutating func take(
    _ report: AgentReport, at: Instant, alone: Bool = false
  ) throws(AgentRefusal) {
    guard AgentProtocol.accepts(report.version) else {
      throw .otherVersion(report.version, speaks: AgentProtocol.version)
    }
    guard report.segments.count <= AgentProtocol.segmentsMax,
      report.proposals.count <= AgentProtocol.proposalsMax
    else { throw .tooMuch }
    guard report.cursor >= 0, report.next >= report.cursor,
      report.next <= AgentProtocol.countMax
    else { throw .unreadable }
    // Where its segments begin: what the office has not got up to there, it does not get.
    let first = report.next - Int64(report.segments.count)
    var taken = self
    var beginsAnew = false
    if report.instance != instance {
      // An instance that was fenced off once does not come back under its old epoch.
      guard report.epoch == 0 else { throw .fenced(epoch: epoch) }
      guard instance == nil || isOver(at) || alone else { throw .leaseHeld(until: until) }
      // Recorded on its way and sent again once nobody speaks, it would fence the true agent off.
      guard instance == nil || isNews(report.observed.at, at) || alone else {
        throw .staleTakeover(newest: readAt)
      }
      beginsAnew = true
      taken.epoch += 1
      taken.instance = report.instance
      taken.sequence = 0
    } else if report.epoch != epoch, report.epoch != 0 {
      throw .fenced(epoch: epoch)
    }
    guard report.sequence > taken.sequence else { throw .olderReport(sequence: taken.sequence) }
    // An instance that has just begun may count from a number of its own, where its count is a new
    // one; from then on each segment follows the one before it.
    guard report.cursor <= cursor, beginsAnew || first <= cursor else {
      throw .usageMissing(cursor: cursor)
    }
    taken.sequence = report.sequence
    taken.until = Instant(at.seconds + AgentProtocol.leaseSeconds)
    taken.cursor = max(cursor, report.next)
    let read = min(report.observed.at, at)
    taken.readAt = wasAhead(readAt, of: at) ? read : max(readAt, read)
    self = taken
  }

  /// Nobody's lease lasts longer than one: what ends later was given by a clock that was ahead and
  /// has been put back.
  private func isOver(_ at: Instant) -> Bool {
    until <= at || wasAhead(Instant(until.seconds - AgentProtocol.leaseSeconds), of: at)
  }

  /// Whether a report was read after the newest that is known; where that was by a clock that was
  /// ahead, whether it was read just now.
  private func isNews(_ read: Instant, _ at: Instant) -> Bool {
    wasAhead(readAt, of: at)
      ? read.seconds >= at.seconds - UsageSegment.aheadSecondsMax : read > readAt
  }

  /// Beyond what clocks differ by.
  private func wasAhead(_ time: Instant, of at: Instant) -> Bool {
    time.seconds > at.seconds + UsageSegment.aheadSecondsMax
  }
}

/// Why a server does not take what an agent sends.
public enum AgentRefusal: Refusing, Hashable {
  case unreadable
  case unknownAgent(AgentID)
  case revoked(AgentID)
  case wrongSignature(AgentID)
  /// Its key speaks for another cluster than it reports on.
  case otherCluster(ClusterID)
  case otherVersion(Int64, speaks: Int64)
  case tooMuch
  case leaseHeld(until: Instant)
  case fenced(epoch: Int64)
  case olderReport(sequence: Int64)
  case usageMissing(cursor: Int64)
  /// The office gave no such token, or it was used, or its time is over.
  case badToken
  /// It would take over, and what it says was read before the newest that is known.
  case staleTakeover(newest: Instant)
  /// It says that it was read after the server's own time: by a clock that is ahead.
  case readAhead(of: Instant)
  /// The server could not keep it; whether it did is unknown.
  case notKept
  /// What it reports is not what the programme can be.
  case programme(Refusal)

  public var code: String {
    switch self {
    case .unreadable: "MDG-1701"
    case .unknownAgent: "MDG-1702"
    case .revoked: "MDG-1703"
    case .wrongSignature: "MDG-1704"
    case .otherCluster: "MDG-1705"
    case .otherVersion: "MDG-1706"
    case .tooMuch: "MDG-1707"
    case .leaseHeld: "MDG-1708"
    case .fenced: "MDG-1709"
    case .olderReport: "MDG-1710"
    case .usageMissing: "MDG-1711"
    case .badToken: "MDG-1712"
    case .notKept: "MDG-1713"
    case .staleTakeover: "MDG-1714"
    case .readAhead: "MDG-1715"
    case .programme(let refusal): refusal.code
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .unreadable:
      said(language, ko: "읽을 수 없는 보고입니다.", en: "The report cannot be read.")
    case .unknownAgent(let agent):
      said(language, ko: "\(agent)은(는) 등록되지 않았습니다.", en: "There is no \(agent).")
    case .revoked(let agent):
      said(language, ko: "\(agent)의 키는 폐기되었습니다.", en: "The key of \(agent) was revoked.")
    case .wrongSignature(let agent):
      said(
        language, ko: "\(agent)의 서명이 맞지 않습니다.", en: "The signature is not that of \(agent).")
    case .otherCluster(let cluster):
      said(
        language, ko: "이 에이전트는 \(cluster)을(를) 보고할 수 없습니다.",
        en: "This agent does not speak for \(cluster).")
    case .otherVersion(let version, let own):
      said(
        language, ko: "규약 \(version)판은 받지 않습니다(서버는 \(own)판).",
        en: "Version \(version) of the protocol is not answered; the server speaks \(own).")
    case .tooMuch:
      said(language, ko: "한 번에 너무 많이 보고했습니다.", en: "The report holds too much at once.")
    case .leaseHeld(let until):
      said(
        language, ko: "다른 에이전트가 \(until.universal)까지 이 클러스터를 맡고 있습니다.",
        en: "Another instance has the cluster until \(until.universal).")
    case .fenced(let epoch):
      said(
        language, ko: "다른 에이전트가 이어받았습니다(차수 \(epoch)).",
        en: "Another instance took over (epoch \(epoch)).")
    case .olderReport(let sequence):
      said(
        language, ko: "이미 받은 보고(\(sequence))보다 오래되었습니다.",
        en: "It is no newer than report \(sequence), which was taken.")
    case .usageMissing(let cursor):
      said(
        language, ko: "사용량이 \(cursor)부터 이어지지 않습니다.",
        en: "Its usage does not follow on from \(cursor).")
    case .badToken:
      said(
        language, ko: "등록 토큰이 없거나, 이미 쓰였거나, 기한이 지났습니다.",
        en: "There is no such token, or it was used, or its time is over.")
    case .notKept:
      said(
        language, ko: "서버가 지금 기록할 수 없습니다.",
        en: "The server cannot record anything now.")
    case .staleTakeover(let newest):
      said(
        language, ko: "이어받으려는 보고가 최신 보고(\(newest.universal))보다 오래되었습니다.",
        en: "It would take over with what was read before the newest, of \(newest.universal).")
    case .readAhead(let now):
      said(
        language, ko: "보고를 읽은 시각이 서버 시각(\(now.universal))보다 너무 앞섭니다.",
        en: "It was read too far ahead of \(now.universal), the server's time.")
    case .programme(let refusal): refusal.what(language)
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .unreadable, .otherVersion, .tooMuch:
      said(
        language, ko: "서버와 같은 판의 madang을 쓰십시오.",
        en: "Use the same madang as the server.")
    case .unknownAgent, .revoked, .wrongSignature:
      said(
        language, ko: "새 키로 다시 등록하십시오: madang agent enrol.",
        en: "Enrol again with a new key: madang agent enrol.")
    case .otherCluster:
      said(
        language, ko: "클러스터마다 에이전트를 따로 등록하십시오.",
        en: "Enrol an agent of its own for each cluster.")
    case .leaseHeld, .fenced:
      said(
        language, ko: "한 클러스터에는 에이전트를 하나만 두십시오.",
        en: "Run one agent for a cluster.")
    case .badToken:
      said(
        language, ko: "새 토큰을 받으십시오: madang agent token.",
        en: "Ask for a new token: madang agent token.")
    case .olderReport, .usageMissing, .notKept:
      said(language, ko: "다음 보고에서 바로잡힙니다.", en: "The next report corrects it.")
    case .staleTakeover, .readAhead:
      said(
        language, ko: "에이전트의 시계를 맞추십시오.", en: "Set the agent's clock right.")
    case .programme(let refusal): refusal.help(language)
    }
  }
}
