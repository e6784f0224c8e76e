import Foundation
import HTTPTypes
import Hummingbird
import MadangAccess
import MadangJournal
import MadangProgramme

/// A refusal as a problem document (RFC 9457): its words in the caller's language, its code and its
/// facts for programs.
///
///     {"code":"MDG-1711","detail":"Its usage does not follow on from 17.","facts":{"cursor":17},
///      "help":"The next report corrects it.","status":409,"type":"urn:madang:refusal:MDG-1711"}
struct Problem: Encodable {
  let code: String
  let detail: String
  let facts: [String: Int64]?
  let help: String
  let status: Int
  let type: String
  private var headers: HTTPFields = [:]

  private enum CodingKeys: String, CodingKey {
    case code, detail, facts, help, status, type
  }

  init(_ refusal: any Refusing, _ language: Language) {
    code = refusal.code
    detail = refusal.what(language)
    let named = (refusal as? AgentRefusal)?.facts ?? []
    facts =
      named.isEmpty
      ? nil : Dictionary(uniqueKeysWithValues: named.map { ($0.name.rawValue, $0.value) })
    help = refusal.help(language)
    status = Problem.status(of: refusal).code
    type = "urn:madang:refusal:\(refusal.code)"
    headers = Problem.headers(of: refusal)
  }

  func response(_ language: Language) -> Response {
    var headers = headers
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and whole numbers only: there is nothing that could not be written.
    let body = (try? encoder.encode(self)) ?? Data()
    headers[.contentType] = "application/problem+json"
    headers[.contentLanguage] = language.rawValue
    headers[.cacheControl] = "no-store"
    return Response(
      status: HTTPResponse.Status(code: status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }

  /// What HTTP itself has a header for: how long to wait, what is allowed, how to sign in.
  static func headers(of refusal: any Refusing) -> HTTPFields {
    switch refusal {
    case HTTPRefusal.otherMethod(let allowed): [.allow: allowed.joined(separator: ", ")]
    case HTTPRefusal.tooMuchAsked(let seconds): [.retryAfter: "\(seconds)"]
    case AccessRefusal.tooManyTries(let seconds): [.retryAfter: "\(seconds)"]
    case HTTPRefusal.busy, AccessRefusal.busy: [.retryAfter: "\(busySeconds)"]
    case HTTPRefusal.signInFirst, HTTPRefusal.badToken, AccessRefusal.wrongPassword:
      [.wwwAuthenticate: "Bearer"]
    // What is still on its way is not read: the connection ends with the answer.
    case HTTPRefusal.tooLong, HTTPRefusal.lengthMissing: [.connection: "close"]
    default: [:]
    }
  }

  /// Sign-ins that wait are through by then, and so are bodies that come steadily.
  private static let busySeconds = 10

  /// The one place where refusals become statuses of HTTP.
  static func status(of refusal: any Refusing) -> HTTPResponse.Status {
    switch refusal {
    case let refusal as AgentRefusal: status(of: refusal)
    case let refusal as HTTPRefusal: status(of: refusal)
    case .keyReused as SubmissionRefusal: .conflict
    case .unknown as ProgrammeRefusal, .programme(.unknown) as Refusal: .notFound
    case .noSuchEvent as JournalError, .noSuchSize as JournalError, .noHead as JournalError,
      .notSigned as JournalError:
      .notFound
    case let refusal as AccessRefusal: status(of: refusal)
    case let refusal as OpenIDRefusal: status(of: refusal)
    case is JournalError: .serviceUnavailable
    default: .unprocessableContent
    }
  }

  private static func status(of refusal: AgentRefusal) -> HTTPResponse.Status {
    switch refusal {
    case .unreadable, .otherVersion: .badRequest
    case .unknownAgent: .notFound
    case .wrongSignature, .revoked, .otherCluster, .badToken: .forbidden
    case .tooMuch: .contentTooLarge
    case .leaseHeld, .fenced, .olderReport, .usageMissing, .staleTakeover, .readAhead: .conflict
    case .notKept: .serviceUnavailable
    case .programme: .unprocessableContent
    }
  }

  private static func status(of refusal: AccessRefusal) -> HTTPResponse.Status {
    switch refusal {
    case .tooManyTries: .tooManyRequests
    case .busy, .unavailable: .serviceUnavailable
    case .wrongPassword: .unauthorized
    case .unknownIdentity, .badInvitation: .forbidden
    default: .unprocessableContent
    }
  }

  private static func status(of refusal: OpenIDRefusal) -> HTTPResponse.Status {
    switch refusal {
    case .noAnswer, .notBelieved: .badGateway
    case .otherAttempt: .badRequest
    case .declined: .forbidden
    case .tooManyAtOnce: .serviceUnavailable
    }
  }

  private static func status(of refusal: HTTPRefusal) -> HTTPResponse.Status {
    switch refusal {
    case .nothingThere: .notFound
    case .otherMethod: .methodNotAllowed
    case .tooMuchAsked: .tooManyRequests
    case .tooLong: .contentTooLarge
    case .lengthMissing: .lengthRequired
    case .cutOff: .badRequest
    case .unreadable, .missing, .wrong, .extra, .oneOf, .badKey: .badRequest
    case .unknown, .together: .unprocessableContent
    case .notJSON: .unsupportedMediaType
    case .signInFirst, .badToken: .unauthorized
    case .notYours, .notYoursToAccept, .otherForm: .forbidden
    case .notFounded: .notFound
    case .busy: .serviceUnavailable
    case .exerciseOnly: .unprocessableContent
    case .failed, .plainBeyondLoopback, .noAddress, .unusableCertificate, .cannotListen:
      .internalServerError
    }
  }
}
