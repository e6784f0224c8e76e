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
///      "help":"The next report corrects it.","status":409,"type":"/refusals/MDG-1711"}
struct Problem: Encodable {
  let code: String
  let detail: String
  let facts: [String: Int64]?
  let help: String
  let status: Int
  let type: String

  init(_ refusal: any Refusing, _ language: Language) {
    code = refusal.code
    detail = refusal.what(language)
    let named = (refusal as? AgentRefusal)?.facts ?? []
    facts =
      named.isEmpty
      ? nil : Dictionary(uniqueKeysWithValues: named.map { ($0.name.rawValue, $0.value) })
    help = refusal.help(language)
    status = Problem.status(of: refusal).code
    type = "/refusals/\(refusal.code)"
  }

  func response(_ language: Language) -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and whole numbers only: there is nothing that could not be written.
    let body = (try? encoder.encode(self)) ?? Data()
    return Response(
      status: HTTPResponse.Status(code: status),
      headers: [
        .contentType: "application/problem+json", .contentLanguage: language.rawValue,
        .cacheControl: "no-store",
      ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
  }

  /// The one place where refusals become statuses of HTTP.
  static func status(of refusal: any Refusing) -> HTTPResponse.Status {
    switch refusal {
    case let refusal as AgentRefusal: status(of: refusal)
    case let refusal as HTTPRefusal: status(of: refusal)
    case .keyReused as SubmissionRefusal: .conflict
    case .unknown as ProgrammeRefusal, .programme(.unknown) as Refusal: .notFound
    case .noSuchEvent as JournalError, .noSuchSize as JournalError, .noHead as JournalError:
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
    case .tooLong: .contentTooLarge
    case .lengthMissing: .lengthRequired
    case .cutOff: .badRequest
    case .unreadable, .missing, .wrong, .extra, .oneOf, .badKey: .badRequest
    case .unknown: .unprocessableContent
    case .notJSON: .unsupportedMediaType
    case .signInFirst, .badToken: .unauthorized
    case .notYours, .otherForm: .forbidden
    case .notFounded: .notFound
    case .busy: .serviceUnavailable
    case .exerciseOnly: .unprocessableContent
    case .failed, .plainBeyondLoopback, .noAddress, .unusableCertificate, .cannotListen:
      .internalServerError
    }
  }
}
