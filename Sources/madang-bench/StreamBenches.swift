import Foundation
import Glibc

/// Ten thousand browsers that wait for changes, on the same cores as the server.
enum StreamBenches {
  private static let count = 10_000
  private static let changes = 5

  static func streams() throws {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    // The server inherits it. Where it may not be raised, opening says so.
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    try OfficeProcess.running("streams") { server in
      let token = try server.token()
      let before = resident(server.process)
      let crowd = try Crowd(count, server.port)
      defer { crowd.close() }
      let opening = Measure.seconds { crowd.wait(for: 0, seconds: 30) }
      guard crowd.isReached else {
        Measure.report("open event streams", "only \(crowd.reached) of \(count)", bar: "10,000")
        return
      }
      Measure.say(
        "\(count) event streams, client and server on the same cores; opened and greeted in "
          + "\(Measure.text(opening)) s after connecting.")
      Measure.report(
        "resident with all of them",
        "\(Measure.text(resident(server.process), 0)) MiB "
          + "(without: \(Measure.text(before, 0)) MiB)", bar: "under 500 MB")
      let idle = try processor(server.process) {
        crowd.wait(for: .max, seconds: 10)
      }
      Measure.report(
        "processor while nothing changes", "\(Measure.text(idle / 10 * 100, 1)) % of a core",
        bar: "–")
      var slowest = 0.0
      var medians: [Double] = []
      for _ in 0..<changes {
        let (size, took) = try change(server, token)
        let all = Measure.seconds { crowd.wait(for: size, seconds: 10) }
        guard crowd.isReached else {
          Measure.report("a change", "reached \(crowd.reached) of \(count)", bar: "1 s")
          return
        }
        slowest = max(slowest, took + all)
        medians.append(took + crowd.median)
      }
      medians.sort()
      Measure.report(
        "a command's change reaches all",
        "\(Measure.text(slowest)) s, the slowest of \(changes) "
          + "(half of them after \(Measure.text(medians[medians.count / 2])) s)", bar: "1 s")
      Measure.report(
        "resident afterwards", "\(Measure.text(resident(server.process), 0)) MiB",
        bar: "under 500 MB")
    }
  }

  /// Gives a durable command; answers how many events there are then, and how long it took.
  private static func change(
    _ server: OfficeProcess, _ token: String
  ) throws -> (size: Int64, seconds: Double) {
    let body = "{\"form\":\"company\",\"region\":\"capital\"}"
    guard let connection = ClientConnection(port: server.port) else {
      throw BenchFailure("nobody answers")
    }
    var isDone = false
    let took = Measure.seconds {
      isDone = connection.ask(
        "POST /api/v1/organisations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n"
          + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
    guard isDone, let size = Crowd.size(in: connection.body[...], after: "\"events\":[") else {
      throw BenchFailure("the command was not taken")
    }
    return (size + 1, took)
  }

  /// MiB.
  private static func resident(_ process: pid_t) -> Double {
    guard let data = FileManager.default.contents(atPath: "/proc/\(process)/status") else {
      return 0
    }
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("VmRSS") { return (Double(line.filter(\.isNumber)) ?? 0) / 1_024 }
    return 0
  }

  /// Processor seconds that a process uses meanwhile.
  private static func processor(_ process: pid_t, _ body: () -> Void) throws -> Double {
    func used() -> Double {
      guard let data = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
        return 0
      }
      // After the name in brackets, user and system time are the 12th and 13th.
      let parts = String(decoding: data, as: UTF8.self).split(separator: ")").last?
        .split(separator: " ")
      guard let parts, parts.count > 12, let user = Double(parts[11]),
        let system = Double(parts[12])
      else { return 0 }
      return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
    let start = used()
    body()
    return used() - start
  }
}

/// Many connections that listen, in one thread.
private final class Crowd {
  private var sockets: [Int32] = []
  /// The newest size that each was told; -1 before the first.
  private var told: [Int64]
  private var polls: [pollfd] = []
  private(set) var reached = 0
  private(set) var median = 0.0
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  var isReached: Bool { reached == told.count }

  init(_ count: Int, _ port: UInt16) throws {
    told = Array(repeating: -1, count: count)
    let request = Array("GET /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
    for number in 0..<count {
      // As from twenty offices: a server lets one address have so many.
      let address = "127.0.0.\(2 + number / 500)"
      guard let socket = Crowd.connected(port, from: address) else {
        throw BenchFailure("connection \(number): \(String(cString: strerror(errno)))")
      }
      guard send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
        throw BenchFailure("connection \(number) does not take a request")
      }
      _ = fcntl(socket, F_SETFL, O_NONBLOCK)
      polls.append(pollfd(fd: socket, events: Int16(POLLIN), revents: 0))
      sockets.append(socket)
    }
  }

  private static func connected(_ port: UInt16, from source: String) -> Int32? {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { return nil }
    func with(_ text: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32)
      -> Bool
    {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = inet_addr(text)
      return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
      }
    }
    guard with(source, 0, { bind(socket, $0, $1) }),
      with("127.0.0.1", port, { connect(socket, $0, $1) })
    else { return nil }
    return socket
  }

  /// Reads until everybody was told of `size` events, at most so long.
  func wait(for size: Int64, seconds: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    let end = start + .seconds(seconds)
    reached = told.count { $0 >= size }
    median = 0
    while reached < told.count, clock.now < end {
      if poll(&polls, nfds_t(polls.count), 100) > 0 {
        for number in polls.indices where polls[number].revents != 0 { take(number, size) }
      }
      if median == 0 || reached * 2 < told.count {
        let took = clock.now - start
        median = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
      }
    }
  }

  private func take(_ number: Int, _ size: Int64) {
    let count = recv(sockets[number], &buffer, buffer.count, 0)
    guard count > 0 else { return }
    guard let found = Crowd.size(in: buffer[..<count], after: "{\"events\":") else { return }
    if told[number] < size, found >= size { reached += 1 }
    told[number] = max(told[number], found)
  }

  /// The number that stands after a mark, the last of them.
  static func size(in bytes: ArraySlice<UInt8>, after mark: String) -> Int64? {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let range = text.range(of: mark, options: .backwards) else { return nil }
    return Int64(text[range.upperBound...].prefix { $0.isNumber })
  }

  func close() {
    for socket in sockets { Glibc.close(socket) }
  }
}
