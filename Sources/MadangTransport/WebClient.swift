import Foundation
public import MadangAgent
import NIOCore
import NIOHTTP1
import NIOSSL

/// Something at another server: `https://id.example/realms/one/keys?v=2`; plain HTTP on the
/// loopback alone.
public struct WebAddress: Hashable, Sendable, CustomStringConvertible {
  public let server: OfficeAddress
  /// With its query; at least `/`.
  public let path: String

  private static let bytesMax = 2_000

  /// Nothing for any other text: a user, a fragment, characters that no address has.
  public init?(_ text: String) {
    guard text.utf8.count <= WebAddress.bytesMax,
      text.utf8.allSatisfy({ (33..<127).contains($0) && !"\"<>\\^`{|}".utf8.contains($0) }),
      let url = URLComponents(string: text), url.fragment == nil, url.user == nil,
      url.password == nil, let scheme = url.scheme, let host = url.percentEncodedHost,
      let server = OfficeAddress("\(scheme)://\(host)" + (url.port.map { ":\($0)" } ?? ""))
    else { return nil }
    self.server = server
    let path = url.percentEncodedPath
    self.path = (path.isEmpty ? "/" : path) + (url.percentEncodedQuery.map { "?\($0)" } ?? "")
  }

  public var description: String { "\(server)\(path)" }
}

/// Asks servers that are no office of ours, such as an identity provider's, one request a
/// connection.
///
/// Certificates are always checked. A redirection is an answer like any other and never followed,
/// an answer has a size and a time, and no cookie is kept.
public struct WebClient: Sendable {
  /// Seconds to be connected, and seconds until the whole answer has to be there.
  private static let connectSeconds: Int64 = 5
  private static let answerSeconds: Int64 = 10

  private let tls: NIOSSLContext

  /// `authority` is a PEM file of who may vouch for certificates, in the place of the system's.
  public init(authority: String? = nil) throws(AgentClientFailure) {
    tls = try OfficeConnection.context(authority)
  }

  /// The body of a 200 that says it is JSON.
  public func json(
    _ address: WebAddress, answerBytesMax: Int
  ) async throws(TransportFailure) -> [UInt8] {
    try await ask(.GET, address, [], [], answerBytesMax)
  }

  /// The same for a form that is sent (`application/x-www-form-urlencoded`).
  public func json(
    _ address: WebAddress, form: String, headers: [(String, String)], answerBytesMax: Int
  ) async throws(TransportFailure) -> [UInt8] {
    try await ask(
      .POST, address, headers + [("Content-Type", "application/x-www-form-urlencoded")],
      Array(form.utf8), answerBytesMax)
  }

  private func ask(
    _ method: HTTPMethod, _ address: WebAddress, _ headers: [(String, String)], _ body: [UInt8],
    _ answerBytesMax: Int
  ) async throws(TransportFailure) -> [UInt8] {
    var connection = OfficeConnection(address.server, tls: tls)
    connection.connectSeconds = WebClient.connectSeconds
    connection.answerSeconds = WebClient.answerSeconds
    let answer: OfficeConnection.Answer
    do {
      answer = try await connection.start(
        method, address.path, headers + [("Accept", "application/json")], body, answerBytesMax
      ).get()
    } catch let failure as TransportFailure {
      throw failure
    } catch {
      throw TransportFailure(reason: "\(address.server): \(error)")
    }
    guard answer.status == 200 else {
      throw TransportFailure(reason: "\(address.server) answered \(answer.status)")
    }
    guard answer.contentType.lowercased().hasPrefix("application/") else {
      throw TransportFailure(reason: "\(address.server) answered something else than JSON")
    }
    return answer.body
  }
}
