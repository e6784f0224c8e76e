import HTTPTypes
import Hummingbird

/// Which methods each address answers to, so that another one is told them (RFC 9110, 15.5.6).
struct Addresses: Sendable {
  private struct Known: Sendable {
    let parts: [RouterPath.Element]
    var methods: [HTTPRequest.Method]

    func fits(_ path: [Substring]) -> Bool {
      parts.count == path.count && zip(parts, path).allSatisfy { $0 ~= $1 }
    }
  }

  private let known: [Known]

  /// From the routes themselves. Their address for whatever else there is, `**`, is none.
  init(_ router: Router<OfficeContext>) {
    var known: [Known] = []
    for route in router.routes where !route.path.contains(.recursiveWildcard) {
      if let place = known.firstIndex(where: { $0.parts == route.path.components }) {
        known[place].methods.append(route.method)
      } else {
        known.append(Known(parts: route.path.components, methods: [route.method]))
      }
    }
    self.known = known
  }

  /// What may be asked of the address, by the alphabet; nothing where there is none. `*` is the
  /// server itself (RFC 9110, 9.3.7). O(addresses).
  func methods(at path: String) -> [String]? {
    let parts = path.split(separator: "/")
    let found = (path == "*" ? known : known.filter { $0.fits(parts) }).flatMap(\.methods)
    guard !found.isEmpty else { return nil }
    var names = Set(found.map(\.rawValue)).union([HTTPRequest.Method.options.rawValue])
    // Whoever may look may ask what there would be to see.
    if found.contains(.get) { names.insert(HTTPRequest.Method.head.rawValue) }
    return names.sorted()
  }
}

/// Comes after all routes, so that only what none of them took comes here.
struct OtherMethods: RouterMiddleware {
  typealias Context = OfficeContext

  let addresses: Addresses

  func handle(
    _ request: Request, context: OfficeContext,
    next: @concurrent (Request, OfficeContext) async throws -> Response
  ) async throws -> Response {
    guard let allowed = addresses.methods(at: request.uri.path) else {
      return try await next(request, context)
    }
    guard request.method == .options else { throw HTTPRefusal.otherMethod(allowed: allowed) }
    // Other sites' scripts are told nothing: there is no header of CORS, so a browser stops them.
    return Response(status: .noContent, headers: [.allow: allowed.joined(separator: ", ")])
  }
}
