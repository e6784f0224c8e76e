import Foundation
import Glibc

/// A TCP connection to the loopback that sends whatever a test likes. Blocks.
final class RawConnection: Sendable {
  private let socket: Int32

  /// `room`: bytes of what came and was not read that the system keeps, where it is not its own
  /// choice.
  init(port: Int, room: Int32? = nil) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(socket, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
    }
    if var room {
      setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size))
    }
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { throw Unexpected("not connected: \(errno)") }
  }

  deinit { close(socket) }

  /// Whether the other side still takes it.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    Glibc.send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// What comes next; nothing where the other side ended it or twenty seconds passed.
  func some() -> String? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(socket, &buffer, buffer.count, 0)
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
  }

  /// All that comes until the other side ends it; nothing if it has not within twenty seconds.
  func rest() -> String? {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    for _ in 0..<10_000 {
      let count = recv(socket, &buffer, buffer.count, 0)
      if count > 0 {
        all += buffer.prefix(count)
      } else if count == 0 || errno == ECONNRESET {
        return String(decoding: all, as: UTF8.self)
      } else {
        return nil
      }
    }
    return nil
  }

  /// A whole request and all of its answer.
  static func ask(
    _ port: Int, _ method: String, _ path: String, _ headers: [String] = [],
    body: [UInt8] = []
  ) async throws -> String {
    let text = await onThread { () -> String? in
      // What went wrong shows as no answer.
      guard let connection = try? RawConnection(port: port) else { return nil }
      let head = ["\(method) \(path) HTTP/1.1", "Host: test", "Connection: close"] + headers
      connection.send(head.joined(separator: "\r\n") + "\r\n\r\n")
      if !body.isEmpty { connection.send(body) }
      return connection.rest()
    }
    guard let text else { throw Unexpected("no end of the answer") }
    return text
  }
}

/// A server of one answer, whatever is asked: for answers that the office would never give.
final class OneAnswer: Sendable {
  let port: Int

  init(_ answer: String) throws {
    let listener = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 4) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard isListening else { throw Unexpected("not listening: \(errno)") }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread {
      let client = accept(listener, nil, nil)
      var buffer = [UInt8](repeating: 0, count: 65_536)
      _ = recv(client, &buffer, buffer.count, 0)
      let bytes = Array(answer.utf8)
      _ = Glibc.send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL))
      shutdown(client, Int32(SHUT_WR))
      _ = recv(client, &buffer, buffer.count, 0)
      close(client)
      close(listener)
    }
  }
}
