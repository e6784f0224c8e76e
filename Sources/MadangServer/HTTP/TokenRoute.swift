import HTTPTypes
import Hummingbird
import MadangAccess
import MadangProgramme
import MadangViews

extension APIRoutes {
  /// Days that a token lasts where nobody says.
  private static let usualDays: Int64 = 30

  /// A name and a password for a token. As on the page, each try is counted, and wrong ones wait.
  func signIn(
    _ operation: MadangViews.Operation, _ request: Request, _ context: OfficeContext
  ) async throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    let body = try await context.body(
      of: request, bytesMax: APIRoutes.bodyBytesMax)
    try needJSON(request, body)
    try visit.needAddress()
    var values = try Values(operation, context.parameters, visit.query)
    try rates.spend(visit.party(context)) { try values.add(operation, json: body) }
    let name = values.text("name") ?? ""
    let at = counter.machine
    let address = context.address
    let caller: Caller
    do throws(AccessRefusal) {
      caller = try await counter.access.caller(
        name, password: values.text("password") ?? "", from: address, at: at)
    } catch {
      log.signInFailed(error, name, from: address, counter.access)
      throw error
    }
    let expires = Instant(
      at.seconds + (values.integer("days") ?? APIRoutes.usualDays) * 86_400)
    let token = try counter.access.issueToken(
      values.text("label") ?? "", for: name, roles: nil, expires: expires, at: at)
    let json = JSON.object([
      ("token", .text(token)), ("account", .optional(caller.account)),
      ("expires", .int(expires.seconds)),
    ])
    return Response(
      status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: json.compact)))
  }

  func needJSON(_ request: Request, _ body: [UInt8]) throws(HTTPRefusal) {
    if body.isEmpty { return }
    let type = (request.headers[.contentType] ?? "").lowercased()
    guard type.hasPrefix("application/json") else { throw .notJSON }
  }
}
