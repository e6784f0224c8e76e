import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// An operator that publishes its inventory by HTTP: a real server, on this machine, for seconds.
@Suite(.serialized) struct AddressTests {
  @Test func `an inventory is read from an address as from a file`() throws {
    let yard = try Yard(2)
    let server = try OperatorServer(yard.folder)
    let engine = try server.engine("inventory.json", yard)
    let found = try engine.observe(at: Instant(0))
    #expect(found.devices.up == 16 && found.generation == nil)
    try yard.set(1, .down)
    #expect(try engine.observe(at: Instant(1)).devices.down == 8)
  }

  @Test func `anything but a whole inventory is no inventory`() throws {
    let yard = try Yard(1)
    let server = try OperatorServer(yard.folder)
    for path in ["missing.json", "404", "500", "redirect-away", "empty", "cut", "hangs-up"] {
      let engine = try server.engine(path, yard)
      #expect(throws: EngineFailure.self, "\(path)") { try engine.observe(at: Instant(0)) }
    }
  }

  @Test func `an address that never stops sending is left`() throws {
    let yard = try Yard(1)
    let server = try OperatorServer(yard.folder)
    let engine = try server.engine("endless", yard)
    #expect(throws: EngineFailure.self) { try engine.observe(at: Instant(0)) }
  }

  @Test func `where nobody listens, the engine is unreachable, and says so`() throws {
    let yard = try Yard(1)
    let server = try OperatorServer(yard.folder)
    let engine = try server.engine("inventory.json", yard)
    server.stop()
    #expect(throws: EngineFailure.self) { try engine.observe(at: Instant(0)) }
  }
}

/// A small server in Python, bound to this machine alone, with a few bad manners; ends by itself
/// after a minute whatever becomes of the test.
final class OperatorServer {
  private let process = Process()
  private let port: Int

  private static let script = """
    import http.server, signal
    # Whoever started it may have held signals back, which a child inherits.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    signal.alarm(60)
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments): pass
        def do_GET(self):
            if self.path == "/inventory.json" or self.path == "/missing.json":
                return super().do_GET()
            if self.path == "/redirect-away":
                self.send_response(302)
                self.send_header("Location", "/404")
                return self.end_headers()
            if self.path == "/hangs-up":
                return self.connection.close()
            status = {"/404": 404, "/500": 500}.get(self.path, 200)
            self.send_response(status)
            if self.path == "/cut": self.send_header("Content-Length", "100000")
            if self.path == "/empty": self.send_header("Content-Length", "0")
            self.end_headers()
            if self.path == "/cut": self.wfile.write(b'{"servers": [')
            try:
                while self.path == "/endless": self.wfile.write(b" " * 1048576)
            except OSError: pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """

  init(_ folder: String) throws {
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", OperatorServer.script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  deinit { stop() }

  func stop() {
    kill(process.processIdentifier, SIGKILL)
    for _ in 0..<500 where process.isRunning { usleep(10_000) }
  }

  func engine(_ path: String, _ yard: Yard) throws -> HandoverEngine {
    let url = try #require(URL(string: "http://127.0.0.1:\(port)/\(path)"))
    return try HandoverEngine(
      cluster: Yard.cluster, model: DeviceModelID(1), inventory: .address(url),
      folder: yard.folder + "/other", digest: Yard.digest)
  }
}
