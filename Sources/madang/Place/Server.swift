import Foundation
import MadangAgent
import MadangProgramme
import MadangTransport
import MadangViews

/// An office's server, as one command uses it: what it answers is what is printed.
struct Server {
  private let client: OfficeClient
  private let output: Output

  /// Throws: an address that is none, a token that others may read, an authority that is not one.
  /// `token` goes before the one that is kept.
  init(
    _ address: String, _ output: Output, asStranger: Bool = false, token given: String? = nil
  ) throws {
    guard let office = OfficeAddress(address) else {
      throw Failure(AgentClientFailure.noOffice(address), output, exitCode: 2)
    }
    let environment = ProcessInfo.processInfo.environment
    let authority = environment["MADANG_AUTHORITY"].flatMap { $0.isEmpty ? nil : $0 }
    let token = asStranger ? nil : try given ?? TokenFile(office).token(output)
    client = try output.refusing { () throws(AgentClientFailure) in
      try OfficeClient(office, token: token, authority: authority)
    }
    self.output = output
  }

  struct Page {
    let text: String
    let next: Int64?
  }

  /// A read as people read it: text, or a page of it.
  func text(_ operation: MadangViews.Operation, _ values: Values) throws -> Page {
    let answer = try ask(Server.path(operation, values), accept: "text/plain")
    return Page(text: String(decoding: answer.body, as: UTF8.self), next: answer.next)
  }

  func json(_ operation: MadangViews.Operation, _ values: Values) throws -> JSON {
    try read(try ask(Server.path(operation, values), accept: "application/json"))
  }

  /// A decision, done once however often it has to be sent.
  func decide(
    _ operation: MadangViews.Operation, _ values: Values, key: String?
  ) throws -> JSON {
    let body = Array(values.json(operation.body).compact.utf8)
    let answer = try ask(
      Server.path(operation, values), sending: body, accept: "application/json",
      headers: [("Idempotency-Key", key ?? Server.freshKey())])
    return try read(answer)
  }

  /// A token for a name and a password. Never sent twice: each try counts.
  func signIn(
    _ name: String, password: String, label: String, days: Int
  ) throws -> JSON {
    let body = JSON.object([
      ("name", .text(name)), ("password", .text(password)),
      ("label", .text(String(label.prefix(80)))), ("days", .int(days)),
    ])
    return try read(
      try ask(
        "/api/v1/tokens", sending: Array(body.compact.utf8), accept: "application/json", tries: 1))
  }

  /// Ends the token by which this server is asked. One that is over already needs no ending.
  func revokeToken() throws {
    do {
      _ = try ask(
        "/api/v1/tokens/revocation", sending: Array("{}".utf8), accept: "application/json")
    } catch let failure as Failure where ["MDG-1832", "MDG-1925"].contains(failure.code) {}
  }

  private func read(_ answer: OfficeClient.Answer) throws -> JSON {
    guard let json = JSON(reading: answer.body) else {
      throw unheard("the answer cannot be read")
    }
    return json
  }

  // MARK: Asking

  /// Seconds to wait before each further try, where no answer came.
  private static let pauses = [0.3, 1.0]

  /// Asks again where no answer came, or the word of somebody in between. A decision has its key,
  /// so that it is done once.
  private func ask(
    _ path: String, sending body: [UInt8]? = nil, accept: String,
    headers: [(String, String)] = [], tries: Int = Server.pauses.count + 1
  ) throws -> OfficeClient.Answer {
    let headers =
      headers + [("Accept", accept), ("Accept-Language", output.language.rawValue)]
    var pauses = Server.pauses.prefix(tries - 1)
    while true {
      let reason: String
      switch exchange(path, body, headers) {
      case .answer(let answer): return answer
      case .refusal(let failure): throw failure
      case .nobody(let why): reason = why
      }
      guard let pause = pauses.popFirst() else { throw unheard(reason) }
      Thread.sleep(forTimeInterval: pause)
    }
  }

  private enum Heard {
    case answer(OfficeClient.Answer)
    case refusal(Failure)
    /// No answer, or none of the office's.
    case nobody(String)
  }

  private func exchange(
    _ path: String, _ body: [UInt8]?, _ headers: [(String, String)]
  ) -> Heard {
    let answer: OfficeClient.Answer
    do throws(TransportFailure) {
      answer = try client.ask(path, sending: body, headers: headers)
    } catch {
      return .nobody(error.reason)
    }
    if answer.status == 200 { return .answer(answer) }
    guard answer.type == "application/problem+json", let problem = JSON(reading: answer.body),
      let code = problem["code"]?.text, let what = problem["detail"]?.text
    else { return .nobody("it answers \(answer.status)") }
    // What failed at the office says nothing about the command.
    return .refusal(
      Failure(
        code: code, what: what, help: problem["help"]?.text ?? "",
        exitCode: answer.status >= 500 ? 3 : 1, json: output.json))
  }

  private func unheard(_ reason: String) -> Failure {
    Failure(AgentClientFailure.unheard(reason: reason), output, exitCode: 3)
  }

  /// Of one invocation: 32 hexadecimal digits by chance.
  private static func freshKey() -> String {
    let bits = UInt128.random(in: .min ... .max)
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }

  /// The operation's address with these values.
  private static func path(
    _ operation: MadangViews.Operation, _ values: Values
  ) -> String {
    var path = operation.path
    for field in operation.parameters {
      path = path.replacingOccurrences(
        of: "{\(field.name)}", with: encoded(values[field.name]?.plain ?? ""))
    }
    let query = operation.query.compactMap { field in
      values[field.name].map { "\(field.name)=\(encoded($0.plain))" }
    }
    return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
  }

  private static func encoded(_ text: String) -> String {
    let plain = CharacterSet(
      charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
    // Only half a surrogate could not be, and no value has one.
    return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
  }
}
