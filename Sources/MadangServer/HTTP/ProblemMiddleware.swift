import HTTPTypes
import Hummingbird
import Logging
import MadangProgramme

/// Turns what is refused, and what fails, into problem documents, and writes a line of the log for
/// each request: never its body, its signature or a token.
struct ProblemMiddleware: RouterMiddleware {
  typealias Context = OfficeContext

  let log: Logger
  let counts: RequestCounts
  /// Whether it is served over TLS.
  let isSecure: Bool

  func handle(
    _ request: Request, context: OfficeContext,
    next: @concurrent (Request, OfficeContext) async throws -> Response
  ) async throws -> Response {
    let start = ContinuousClock.now
    var refusal: (any Refusing)?
    var response: Response
    do {
      response = try await next(request, context)
    } catch {
      let known = ProblemMiddleware.refusal(for: error)
      if known == nil { log.error("unforeseen", metadata: ["type": "\(type(of: error))"]) }
      refusal = known ?? HTTPRefusal.failed
      let language = Language(accepting: request.headers[.acceptLanguage])
      let problem = Problem(refusal ?? HTTPRefusal.failed, language).response(language)
      // The router cuts the body off answers of its routes only, and what followed a head here
      // would be taken for the next answer.
      response = request.method == .head ? problem.createHeadResponse() : problem
    }
    // What it says it is, it is: nothing of ours is guessed at.
    response.headers[.xContentTypeOptions] = "nosniff"
    if isSecure { response.headers[.strictTransportSecurity] = ProblemMiddleware.stays }
    let spent = (ContinuousClock.now - start).components
    let route = context.endpointPath ?? "-"
    counts.add(
      route: route, method: RequestCounts.method(request.method), status: response.status.code,
      microseconds: spent.seconds * 1_000_000 + spent.attoseconds / 1_000_000_000_000)
    log.info(
      "request",
      metadata: [
        "method": "\(request.method)", "route": "\(route)",
        "status": "\(response.status.code)",
        "code": "\(refusal?.code ?? response.headers[.refusal] ?? "-")",
        "microseconds":
          "\(spent.seconds * 1_000_000 + spent.attoseconds / 1_000_000_000_000)",
      ])
    return response
  }

  /// A browser that was here by TLS once comes by nothing else for a year (RFC 6797).
  private static let stays = "max-age=31536000"

  private static func refusal(for error: any Error) -> (any Refusing)? {
    if let refusal = error as? any Refusing { return refusal }
    // The router's own.
    if let error = error as? HTTPError, error.status == .notFound {
      return HTTPRefusal.nothingThere
    }
    return nil
  }
}
