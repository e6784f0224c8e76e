import Foundation
public import MadangAgent
import NIOHTTP1

/// Asks the office's API, on behalf of whoever a token is for.
///
/// Each question is a connection of its own, and waits for its answer: it is for a thread of its
/// own. The certificate is always checked, and nothing but the office is ever asked.
public struct OfficeClient: Sendable {
  private let connection: OfficeConnection
  private let token: String?

  /// The longest answer that is taken: a thousand rows of the longest list are a tenth of it.
  public static let answerBytesMax = 16 << 20

  public struct Answer: Sendable {
    public let status: Int
    /// Without parameters: `application/json`.
    public let type: String
    public let body: [UInt8]
    /// Where a list goes on.
    public let next: Int64?
  }

  /// `authority` is a PEM file with those who may vouch for the office's certificate, in the place
  /// of the system's own. Throws: it cannot be read.
  public init(
    _ office: OfficeAddress, token: String?, authority: String?
  ) throws(AgentClientFailure) {
    connection = try OfficeConnection(office, authority: authority)
    self.token = token
  }

  /// Asks without a body; sends one where it is given.
  ///
  /// Throws: nobody answered, or not in time, or not wholly. Whether a body was heard is then not
  /// known: with the same `Idempotency-Key` it may be sent again.
  public func ask(
    _ path: String, sending body: [UInt8]? = nil, headers: [(String, String)]
  ) throws(TransportFailure) -> Answer {
    let fields = headers + (token.map { [("Authorization", "Bearer \($0)")] } ?? [])
    let answer = try connection.send(
      body == nil ? .GET : .POST, body, to: path, headers: fields,
      answerBytesMax: OfficeClient.answerBytesMax)
    return Answer(
      status: answer.status,
      type: answer.contentType.prefix { $0 != ";" }.lowercased(), body: answer.body,
      next: answer.link.flatMap { OfficeClient.cursor($0) })
  }

  /// `</api/v1/awards?cursor=1000&limit=50>; rel="next"`: 1000.
  static func cursor(_ link: String) -> Int64? {
    guard link.hasSuffix("rel=\"next\""), let end = link.firstIndex(of: ">") else { return nil }
    let names = link[..<end].split { $0 == "?" || $0 == "&" }
    return names.first { $0.hasPrefix("cursor=") }.flatMap { Int64($0.dropFirst(7)) }
  }
}
