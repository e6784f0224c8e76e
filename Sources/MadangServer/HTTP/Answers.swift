import HTTPTypes
import Hummingbird
import MadangPages
import MadangProgramme

/// Responses that pages need.
enum Answers {
  /// Nothing from elsewhere, nothing inline: what a page may load and where it may send.
  static let policy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    + "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

  static func page(
    _ document: HTML, _ language: Language, because refusal: (any Refusing)? = nil,
    cookies: [String] = [], tag: Tag? = nil
  ) -> Response {
    page(
      ByteBuffer(bytes: document.bytes), language, because: refusal, cookies: cookies, tag: tag)
  }

  /// A page that was made already.
  static func page(
    _ bytes: ByteBuffer, _ language: Language, because refusal: (any Refusing)? = nil,
    cookies: [String] = [], tag: Tag? = nil
  ) -> Response {
    var headers = secured(refusal.map { Problem.headers(of: $0) } ?? [:])
    headers[.contentType] = "text/html; charset=utf-8"
    headers[.contentLanguage] = language.rawValue
    headers[.refusal] = refusal?.code
    if let tag { tag.set(&headers) } else { headers[.cacheControl] = "no-store" }
    for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
    return Response(
      status: refusal.map { Problem.status(of: $0) } ?? .ok, headers: headers,
      body: ResponseBody(byteBuffer: bytes))
  }

  /// "See other": a form's answer is a page of its own, so that going back sends nothing again.
  static func see(_ path: String, cookies: [String] = []) -> Response {
    var headers = secured([.location: path, .cacheControl: "no-store"])
    for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
    return Response(status: .seeOther, headers: headers)
  }

  static func file(_ bytes: [UInt8], type: String, name: String) -> Response {
    var headers = secured([.contentType: type, .cacheControl: "no-store"])
    headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  /// For ever where the address names this version; else a browser asks whether it changed.
  static func asset(_ file: Assets.File, _ request: Request) -> Response {
    var headers = secured([.contentType: file.type])
    if request.uri.query == "v=\(Assets.version)" {
      headers[.cacheControl] = "public, max-age=31536000, immutable"
    } else {
      let tag = Tag(build: Assets.version)
      if tag.matches(request) { return tag.notModified() }
      tag.set(&headers)
    }
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
  }

  private static func secured(_ headers: HTTPFields) -> HTTPFields {
    var headers = headers
    headers[.contentSecurityPolicy] = policy
    headers[.referrerPolicy] = "same-origin"
    return headers
  }

  /// A path of ours to go back to; the front page for anything else.
  static func back(_ path: String?) -> String {
    guard let path, path.hasPrefix("/"), !path.hasPrefix("//"), !path.contains("\\"),
      path.utf8.allSatisfy({ $0 > 32 && $0 < 127 })
    else { return "/" }
    return path
  }
}

extension HTTPField.Name {
  // A token of RFC 9110, as its own use shows.
  static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
  /// The code of what a page refuses: for programs, and for the log.
  static let refusal = HTTPField.Name("Madang-Refusal")!
}
