public import MadangEngines
public import MadangProgramme

/// How an agent reaches the office: in the same process, or over HTTPS.
public protocol AgentTransport: Sendable {
  /// Gives a report and answers what the server made of it.
  func exchange(_ report: AgentReport) throws(TransportFailure) -> Exchange
}

public enum Exchange: Hashable, Sendable {
  case replied(AgentReply)
  case refused(AgentRefusal)
}

/// The server was not reached, or did not speak the protocol. Whether it took the report is not
/// known.
public struct TransportFailure: Error, Hashable, Sendable {
  public let reason: String
  public init(reason: String) { self.reason = reason }
}

/// The shell around ``AgentLoop``: does what it says, one action at a time.
public struct AgentRunner: Sendable {
  public private(set) var loop: AgentLoop
  private let engine: any Engine
  private let transport: any AgentTransport
  private var result: AgentLoop.Result?
  /// The newest failure or refusal, for whoever looks.
  public private(set) var trouble: String?

  public init(_ loop: AgentLoop, engine: any Engine, transport: any AgentTransport) {
    self.loop = loop
    self.engine = engine
    self.transport = transport
  }

  public mutating func allow(_ mode: AgentMode) { loop.allow(mode) }

  /// Works until there is nothing to do before a moment, and answers it: where nobody has to be
  /// asked in between, because agent and office are one process.
  public mutating func round(at: Instant) -> Instant {
    while true {
      if let until = turn(at: at) { return until }
    }
  }

  /// Works until the office was heard once, or until there is nothing to do before the moment that
  /// is answered. What the office said is acted on in the next turn: so whoever runs the agent asks
  /// the clock, the policy and whether to stop before each, however fast the office answers.
  public mutating func turn(at: Instant) -> Instant? {
    var action = result.map { loop.next(after: $0, at: at) } ?? loop.first
    while true {
      if case .wait(let until) = action {
        result = .waited
        return until
      }
      let done = perform(action, at)
      result = done
      if case .send = action { return nil }
      action = loop.next(after: done, at: at)
    }
  }

  private mutating func perform(_ action: AgentLoop.Action, _ at: Instant) -> AgentLoop.Result {
    do throws(EngineFailure) {
      switch action {
      case .observe: return .observed(try engine.observe(at: at))
      case .readUsage(let cursor, let limit):
        return .usage(try engine.usage(after: cursor, limit: limit, at: at))
      case .apply(let desired):
        try engine.apply(desired, at: at)
        return .applied
      case .send(let report): return send(report)
      case .wait: return .waited
      }
    } catch {
      trouble = "\(error)"
      return .failed(error)
    }
  }

  private mutating func send(_ report: AgentReport) -> AgentLoop.Result {
    do throws(TransportFailure) {
      switch try transport.exchange(report) {
      case .replied(let reply):
        trouble = nil
        return .replied(reply)
      case .refused(let refusal):
        trouble = "\(refusal.code) \(refusal.what(.en))"
        return .refused(refusal)
      }
    } catch {
      trouble = error.reason
      return .unheard
    }
  }
}
