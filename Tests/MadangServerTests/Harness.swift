import Dispatch
import Foundation
import Logging
import MadangProgramme
import Synchronization
import Testing

@testable import MadangServer
@testable import MadangTransport

/// Runs what blocks on a thread that tests do not share.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(returning: work()) }
  }
}

/// A clock that a test moves.
final class TestClock: Sendable {
  private let instant = Mutex(Office.now)
  var now: Instant { instant.withLock { $0 } }
  func pass(_ seconds: Int64) { instant.withLock { $0 = Instant($0.seconds + seconds) } }
}

/// Everything that was logged, so that a test can look for what should not be there.
final class LogLines: Sendable {
  private let lines = Mutex<[String]>([])
  var text: String { lines.withLock { $0.joined(separator: "\n") } }

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(lines: self) }
    logger.logLevel = .trace
    return logger
  }

  private struct Handler: LogHandler {
    let lines: LogLines
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .trace
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      lines.lines.withLock {
        $0.append("\(event.level) \(event.message) \(event.metadata ?? [:]) \(metadata)")
      }
    }
  }
}

/// A server on a port of the loopback that the system chose.
final class RunningServer: Sendable {
  let port: Int
  private let server: OfficeServer
  private let task: Task<Void, any Error>

  init(
    _ door: any AgentDoor, tls: TLSFiles? = nil, limits: HTTPLimits = HTTPLimits(),
    clock: TestClock = TestClock(), log: LogLines = LogLines(), port: Int = 0,
    counter: Counter? = nil, proxy: TrustedProxy? = nil
  ) async throws {
    let (ports, report) = AsyncStream<Int>.makeStream()
    let server = try OfficeServer(
      door: door, counter: counter, address: ListenAddress(host: "127.0.0.1", port: port), tls: tls,
      proxy: proxy, limits: limits, log: log.logger, stopsOn: [], clock: { clock.now },
      listening: { report.yield($0) })
    self.server = server
    task = Task {
      defer { report.finish() }
      try await server.run()
    }
    var iterator = ports.makeAsyncIterator()
    guard let port = await iterator.next() else {
      try await task.value
      throw Unexpected("it ended before it listened")
    }
    self.port = port
  }

  /// Stops it gracefully and waits until it has stopped.
  func stop() async throws {
    await server.stop()
    try await task.value
  }

  func beginStop() async { await server.stop() }
  func stopped() async throws { try await task.value }

  var plain: OfficeAddress { OfficeAddress("http://127.0.0.1:\(port)")! }
  var secure: OfficeAddress { OfficeAddress("https://127.0.0.1:\(port)")! }
}

struct Unexpected: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A folder of its own for one test, gone with it.
final class TestFolder: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "madang-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  // Whatever is left is in a temporary folder.
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
