import HTTPTypes
import Hummingbird
import MadangCrypto
import MadangProgramme

/// What remote agents call.
///
/// ```
/// POST /api/v1/agents                    an enrolment   ─▶ 201 {"agent":3}
/// POST /api/v1/agents/agent-3/reports    a report       ─▶ 200 a reply
/// ```
/// Bodies are canonical bytes. Neither needs a key against being sent twice: a token is good once,
/// and a report's sequence is taken once.
struct AgentRoutes: Sendable {
  let door: any AgentDoor
  let rates: RateLimits
  let clock: @Sendable () -> Instant

  func add(to router: Router<OfficeContext>) {
    router.post("api/v1/agents") { request, context in
      try await enrol(request, context)
    }
    router.post("api/v1/agents/:agent/reports") { request, context in
      try await report(request, context)
    }
  }

  private func enrol(_ request: Request, _ context: OfficeContext) async throws -> Response {
    try rates.give(1, .address(context.peer))
    let body = try await context.body(
      of: request, bytesMax: AgentProtocol.smallMessageBytesMax)
    let enrolment: AgentEnrolment
    do {
      enrolment = try CanonicalReader.value(AgentEnrolment.self, from: body)
    } catch {
      throw AgentRefusal.unreadable
    }
    // What was not composed by us: words that no rule let through yet.
    guard Hexadecimal.bytes(enrolment.key.value) != nil,
      (try? Text(enrolment.token.value, limit: Limits.labelScalarsMax)) != nil
    else { throw AgentRefusal.unreadable }
    let agent = try await door.enrol(enrolment, at: clock()).get()
    return Self.answer(AgentAdmitted(agent: agent), status: .created)
  }

  private func report(_ request: Request, _ context: OfficeContext) async throws -> Response {
    guard let agent = AgentID(context.parameters.get("agent") ?? "") else {
      throw HTTPRefusal.nothingThere
    }
    let body = try await context.body(
      of: request, bytesMax: AgentProtocol.messageBytesMax)
    guard let signature = SignatureLine(request.headers[.madangSignature] ?? "") else {
      throw AgentRefusal.wrongSignature(agent)
    }
    // The door checks by the algorithm of the agent's own key, whatever the line says. What proves
    // nothing is nobody's: it takes no agent's share, nor that of those behind the same address.
    let report = try await door.proved(agent, body: body, signature: signature.bytes).get()
    try rates.give(AgentRoutes.reportCost + report.segments.count, .agent(agent))
    let reply = try await door.take(report, of: agent, at: clock()).get()
    return Self.answer(reply, status: .ok)
  }

  /// What a report counts beside its segments: what it reads back may change rows too.
  private static let reportCost = 100

  private static func answer(_ value: some Canonical, status: HTTPResponse.Status) -> Response {
    Response(
      status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: CanonicalWriter.bytes(of: value))))
  }
}

extension HTTPField.Name {
  // A constant that is a token of RFC 9110, as its own test shows by using it.
  static let madangSignature = HTTPField.Name(AgentProtocol.signatureHeader)!
}
