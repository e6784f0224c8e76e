import Foundation
import Synchronization
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// `madang demo --undecided --listen` in the background, and a browser's and a program's ways to
/// it.
final class WebServer: @unchecked Sendable {
  // Set once, before anybody else has it; URLSession is safe to use from anywhere.
  let port: Int
  let folder: TemporaryFolder
  private let process = Process()
  private let session: URLSession
  private let lines = Mutex("")

  /// What it wrote so far, its log too.
  var log: String { lines.withLock { $0 } }

  struct Answer {
    let status: Int
    let headers: [String: String]
    let text: String

    func json() throws -> [String: Any] {
      try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
    }
  }

  convenience init(
    decided: Bool = false, preparing: (TemporaryFolder) throws -> Void = { _ in }
  ) throws {
    let folder = try TemporaryFolder()
    try preparing(folder)
    try self.init(folder, ["demo"] + (decided ? [] : ["--undecided"]))
  }

  /// By another command, over a folder that may be there already.
  init(_ folder: TemporaryFolder, _ words: [String]) throws {
    self.folder = folder
    process.executableURL = CommandLineRun.binary
    process.arguments = words + ["--listen", "127.0.0.1:0", "--lang", "en"]
    process.environment = [
      "HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "MADANG_DATA": folder.data.path,
    ]
    process.currentDirectoryURL = CommandLineRun.repository
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    var told = ""
    var found: Int?
    while found == nil {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      told += String(decoding: data, as: UTF8.self)
      if let range = told.range(of: "Open at http://127.0.0.1:") {
        found = Int(told[range.upperBound...].prefix { $0.isNumber })
      }
    }
    port = try #require(found, "\(told)")
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    configuration.urlCache = nil
    session = URLSession(configuration: configuration, delegate: Stay(), delegateQueue: nil)
    pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let text = String(decoding: handle.availableData, as: UTF8.self)
      self?.lines.withLock { $0 += text }
    }
  }

  /// Tells it to end, and waits: how it ended.
  func end() async -> Int32 {
    process.terminate()
    while process.isRunning { try? await Task.sleep(for: .milliseconds(20)) }  // cut short: again
    return process.terminationStatus
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }

  /// Tells it to stop, and answers how it ended and after how many seconds.
  func stopped() -> (exitCode: Int32, seconds: Double) {
    let start = Date()
    process.terminate()
    process.waitUntilExit()
    return (process.terminationStatus, Date().timeIntervalSince(start))
  }

  /// Follows nothing: where an answer leads is what is tested.
  private final class Stay: NSObject, URLSessionTaskDelegate {
    func urlSession(
      _ session: URLSession, task: URLSessionTask,
      willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
      completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) { completionHandler(nil) }
  }

  func ask(
    _ method: String, _ path: String, _ body: String? = nil, _ headers: [String: String] = [:]
  ) async throws -> Answer {
    var request = URLRequest(url: try #require(URL(string: "http://127.0.0.1:\(port)\(path)")))
    request.httpMethod = method
    request.setValue("en", forHTTPHeaderField: "Accept-Language")
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    request.httpBody = body.map { Data($0.utf8) }
    let (data, response) = try await session.data(for: request)
    let answer = try #require(response as? HTTPURLResponse)
    var fields: [String: String] = [:]
    for (name, value) in answer.allHeaderFields {
      fields["\(name)".lowercased()] = "\(value)"
    }
    return Answer(
      status: answer.statusCode, headers: fields, text: String(decoding: data, as: UTF8.self))
  }

  func get(_ path: String, _ headers: [String: String] = [:]) async throws -> Answer {
    try await ask("GET", path, nil, headers)
  }

  // MARK: A browser

  /// A signed-in browser: its cookie.
  func signIn(_ name: String) async throws -> String {
    let answer = try await ask(
      "POST", "/signin", "name=\(name)&password=open-the-yard&back=/",
      ["Content-Type": "application/x-www-form-urlencoded"])
    #expect(answer.status == 303, "\(answer.text)")
    let cookie = try #require(answer.headers["set-cookie"])
    #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"))
    return String(cookie.prefix { $0 != ";" })
  }

  /// Fills in the form of an operation that stands on a page, and sends it. Nothing where there is
  /// no such form.
  func send(
    _ operation: String, on page: String, as cookie: String, _ fields: [String: String] = [:]
  ) async throws -> Answer? {
    let shown = try await get(page, ["Cookie": cookie])
    guard let start = shown.text.range(of: "action=\"/do/\(operation)\""),
      let end = shown.text[start.upperBound...].range(of: "</form>")
    else { return nil }
    var pairs: [(String, String)] = []
    let form = shown.text[start.upperBound..<end.lowerBound]
    for part in form.components(separatedBy: "<input type=\"hidden\"").dropFirst() {
      pairs.append((WebServer.attribute("name", part), WebServer.attribute("value", part)))
    }
    pairs += fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return try await post("/do/\(operation)", pairs, cookie)
  }

  func post(_ path: String, _ pairs: [(String, String)], _ cookie: String) async throws -> Answer {
    let plain = CharacterSet.alphanumerics
    let body = pairs.map { name, value in
      "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: plain) ?? "")"
    }.joined(separator: "&")
    return try await ask(
      "POST", path, body,
      ["Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie])
  }

  static func attribute(_ name: String, _ text: String) -> String {
    guard let start = text.range(of: "\(name)=\"") else { return "" }
    return String(text[start.upperBound...].prefix { $0 != "\"" })
  }
}
