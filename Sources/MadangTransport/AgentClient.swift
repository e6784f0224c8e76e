import Foundation
import MadangAgent
public import MadangCrypto
public import MadangProgramme

/// A remote agent's two steps: enrol once, then begin as often as it is started.
///
/// ```
/// try AgentClient.enrol(at: office, token: token, authority: "ca.pem", folder: folder)
/// let transport = try AgentClient.transport(folder: folder)
/// var runner = AgentRunner(loop, engine: engine, transport: transport)
/// ```
public enum AgentClient {
  /// Makes a key, and has the office let it speak for the cluster that the token is for. Answers
  /// the agent's number. Blocks, at most for half a minute.
  ///
  /// `authority` is a PEM file of who may vouch for the office's certificate; without it the
  /// system's own list does. Cut off before the answer came, the same call tries again with the
  /// same key, which is on the disk before its public half is sent. A folder takes one enrolment.
  @discardableResult
  public static func enrol(
    at office: OfficeAddress, token: String, authority: String?, folder: String,
    cryptography: any Cryptography = Ed25519Cryptography(), language: Language = .en
  ) throws(AgentClientFailure) -> AgentID {
    let connection = try OfficeConnection(office, authority: authority)
    let folder = try AgentFolder(folder)
    let key = try folder.freshKey(cryptography)
    let words: (algorithm: Slug, key: Text, token: Text)
    do throws(Text.Fault) {
      guard let algorithm = Slug(cryptography.signatureAlgorithm) else {
        preconditionFailure("an algorithm's name is a slug")
      }
      words = (
        algorithm, try Text(Hexadecimal.text(key.publicBytes)),
        try Text(token, limit: Limits.labelScalarsMax)
      )
    } catch {
      throw refusal(.badToken, language)
    }
    let enrolment = AgentEnrolment(
      algorithm: words.algorithm, key: words.key, token: words.token)
    let agent: AgentID
    do throws(AgentClientFailure) {
      agent = try admitted(enrolment, connection, language)
    } catch {
      // A key that the office knows already is no good to any enrolment: the next makes its own.
      if error.code == AllocationRefusal.badKey.code { folder.dropKey(words.algorithm.value) }
      throw error
    }
    try folder.keep(
      AgentFolder.Enrolment(
        agent: "\(agent)", algorithm: cryptography.signatureAlgorithm,
        authority: authority.map { URL(fileURLWithPath: $0).path }, office: "\(office)"))
    return agent
  }

  /// The way to the office of the agent that is enrolled in a folder.
  public static func transport(
    folder: String, language: Language = .en
  ) throws(AgentClientFailure) -> HTTPSTransport {
    let folder = try AgentFolder(folder)
    let enrolment = try folder.enrolment()
    guard let office = OfficeAddress(enrolment.office) else { throw .noOffice(enrolment.office) }
    guard let agent = AgentID(enrolment.agent),
      let cryptography = CryptographyProfile.signing(with: enrolment.algorithm)
    else { throw .unusable(path: folder.path, reason: "its enrolment is not one of ours") }
    return HTTPSTransport(
      agent, try OfficeConnection(office, authority: enrolment.authority), cryptography,
      try folder.key(cryptography), language)
  }

  private static func admitted(
    _ enrolment: AgentEnrolment, _ connection: OfficeConnection, _ language: Language
  ) throws(AgentClientFailure) -> AgentID {
    do {
      let answer = try connection.post(
        CanonicalWriter.bytes(of: enrolment), to: AgentProtocol.agentsPath,
        headers: [("Accept-Language", language.rawValue)],
        answerBytesMax: AgentProtocol.smallMessageBytesMax)
      guard answer.status == 201 else {
        let problem = try OfficeProblem(answer, from: connection.office)
        throw AgentClientFailure.refused(
          code: problem.code, what: problem.detail, help: problem.help ?? "")
      }
      return try CanonicalReader.value(AgentAdmitted.self, from: answer.body).agent
    } catch let failure as AgentClientFailure {
      throw failure
    } catch let failure as TransportFailure {
      throw .unheard(reason: failure.reason)
    } catch {
      throw .unheard(reason: "the answer cannot be read")
    }
  }

  private static func refusal(
    _ refusal: AgentRefusal, _ language: Language
  ) -> AgentClientFailure {
    .refused(code: refusal.code, what: refusal.what(language), help: refusal.help(language))
  }
}
