import Foundation
public import MadangAgent
import MadangCrypto
public import MadangProgramme

/// How a remote agent reaches the office: each report is one signed request over HTTPS.
///
/// `exchange` blocks, at most for half a minute: an agent runs on a thread of its own.
public struct HTTPSTransport: AgentTransport {
  public let agent: AgentID
  private let connection: OfficeConnection
  private let cryptography: any Cryptography
  private let key: SigningKey
  private let language: Language

  init(
    _ agent: AgentID, _ connection: OfficeConnection, _ cryptography: any Cryptography,
    _ key: SigningKey, _ language: Language
  ) {
    self.agent = agent
    self.connection = connection
    self.cryptography = cryptography
    self.key = key
    self.language = language
  }

  public func exchange(_ report: AgentReport) throws(TransportFailure) -> Exchange {
    let body = CanonicalWriter.bytes(of: report)
    let line: SignatureLine
    do {
      line = SignatureLine(try cryptography.sign(body, with: key))
    } catch {
      throw TransportFailure(reason: "the report could not be signed")
    }
    let answer = try connection.post(
      body, to: AgentProtocol.reportsPath(agent),
      headers: [
        (AgentProtocol.signatureHeader, line.text), ("Accept-Language", language.rawValue),
      ], answerBytesMax: AgentProtocol.messageBytesMax)
    guard answer.status == 200 else {
      let problem = try OfficeProblem(answer, from: connection.office)
      guard let refusal = problem.refusal else { throw problem.failure }
      return .refused(refusal)
    }
    return .replied(try HTTPSTransport.reply(in: answer.body, to: report))
  }

  /// A reply that the report can have got: of its cluster, in a version that is spoken, whole.
  private static func reply(
    in body: [UInt8], to report: AgentReport
  ) throws(TransportFailure) -> AgentReply {
    let reply: AgentReply
    do {
      reply = try CanonicalReader.value(AgentReply.self, from: body)
    } catch {
      throw TransportFailure(reason: "the reply cannot be read: \(error.expected) expected")
    }
    guard AgentProtocol.accepts(reply.version) else {
      throw TransportFailure(reason: "the reply is of version \(reply.version)")
    }
    guard reply.desired.cluster == report.cluster,
      SHA256.hash(CanonicalWriter.bytes(of: reply.desired)) == reply.digest
    else { throw TransportFailure(reason: "the reply is not one to this report") }
    return reply
  }
}

/// A problem document of the office's server, as far as an agent reads it: fields that are new are
/// passed over.
struct OfficeProblem: Decodable {
  let code: String
  let detail: String
  let help: String?
  private let facts: [String: Int64]?

  init(
    _ answer: OfficeConnection.Answer, from office: OfficeAddress
  ) throws(TransportFailure) {
    guard answer.contentType.hasPrefix("application/problem+json"),
      // Anything else than a problem document is the word of somebody in between.
      let problem = try? JSONDecoder().decode(OfficeProblem.self, from: Data(answer.body))
    else { throw TransportFailure(reason: "\(office) answers \(answer.status)") }
    self = problem
  }

  /// The agent's own refusals, which its loop acts on.
  var refusal: AgentRefusal? { AgentRefusal(code: code) { facts?[$0.rawValue] } }

  /// Any other: to be read by people.
  var failure: TransportFailure { TransportFailure(reason: "\(code) \(detail)") }
}
