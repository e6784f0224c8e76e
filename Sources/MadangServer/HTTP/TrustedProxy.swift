import HTTPTypes
import Hummingbird
import NIOCore

/// The one proxy whose word for whom it speaks is believed: the last hop of its `X-Forwarded-For`,
/// which it wrote itself. Whatever stands before that hop is anybody's to write.
public struct TrustedProxy: Hashable, Sendable {
  let address: String

  /// An address, no name: that is looked up by nobody. Nothing for anything else.
  public init?(_ text: String) {
    guard let address = TrustedProxy.plain(text) else { return nil }
    self.address = address
  }

  /// For whom a connection from `peer` speaks; nothing where it is not the proxy's, or the proxy
  /// names nobody.
  func client(of peer: String, forwarded: [String]) -> String? {
    guard TrustedProxy.plain(peer) == address, let last = forwarded.last else { return nil }
    let hop = last.split(separator: ",", omittingEmptySubsequences: false).last ?? ""
    return TrustedProxy.plain(hop.filter { $0 != " " && $0 != "\t" })
  }

  /// An address in its one spelling. An IPv4 address in IPv6's clothes is the IPv4 address.
  private static func plain(_ text: String) -> String? {
    guard let address = try? SocketAddress(ipAddress: text, port: 0).ipAddress else { return nil }
    let mapped = "::ffff:"
    guard address.hasPrefix(mapped), address.contains(".") else { return address }
    return String(address.dropFirst(mapped.count))
  }
}

/// Puts whom the proxy speaks for in the place of the proxy, before anything is counted.
struct ProxyMiddleware: RouterMiddleware {
  typealias Context = OfficeContext

  let proxy: TrustedProxy

  func handle(
    _ request: Request, context: OfficeContext,
    next: @concurrent (Request, OfficeContext) async throws -> Response
  ) async throws -> Response {
    var context = context
    context.forwarded = proxy.client(
      of: context.address, forwarded: request.headers[values: .xForwardedFor])
    return try await next(request, context)
  }
}

extension HTTPField.Name {
  // A token of RFC 9110, as its own use shows.
  static let xForwardedFor = HTTPField.Name("X-Forwarded-For")!
}
