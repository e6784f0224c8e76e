import Foundation
import Synchronization
import Testing

/// Stands between a client and a server on the loopback, and loses the first answers: the request
/// arrives, and nothing comes back.
final class LosingProxy: Sendable {
  let port: Int
  private let handle: Int32
  private let heard = Atomic<Int>(0)

  /// Requests that came.
  var count: Int { heard.load(ordering: .acquiring) }

  init(to upstream: Int, losing: Int) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = LosingProxy.loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(listener, generic, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, generic, &length) == 0
      }
    }
    try #require(bound)
    port = Int(UInt16(bigEndian: address.sin_port))
    handle = listener
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(handle, nil, nil)
        if client < 0 { return }
        let number = heard.wrappingAdd(1, ordering: .acquiringAndReleasing).oldValue
        let answer = LosingProxy.answer(from: upstream, to: LosingProxy.request(client))
        if number >= losing {
          _ = answer.withUnsafeBytes { send(client, $0.baseAddress, $0.count, 0) }
        }
        close(client)
      }
    }
  }

  func stop() { shutdown(handle, Int32(SHUT_RDWR)) }

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// A whole request: its head, and as much after it as the head says.
  private static func request(_ client: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let text = String(decoding: bytes, as: UTF8.self)
      if let end = text.range(of: "\r\n\r\n") {
        let head = text[..<end.lowerBound].lowercased()
        let length =
          head.range(of: "content-length: ").flatMap {
            Int(head[$0.upperBound...].prefix { $0.isNumber })
          } ?? 0
        if text[end.upperBound...].utf8.count >= length { return bytes }
      }
      guard receive(client, &bytes) else { return bytes }
    }
  }

  private static func answer(from port: Int, to request: [UInt8]) -> [UInt8] {
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(server) }
    var address = loopback(port)
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard connected else { return [] }
    _ = request.withUnsafeBytes { send(server, $0.baseAddress, $0.count, 0) }
    var bytes: [UInt8] = []
    while receive(server, &bytes) {}
    return bytes
  }

  private static func receive(_ handle: Int32, _ bytes: inout [UInt8]) -> Bool {
    var part = [UInt8](repeating: 0, count: 65_536)
    let count = part.withUnsafeMutableBytes { recv(handle, $0.baseAddress, $0.count, 0) }
    guard count > 0 else { return false }
    bytes += part[..<count]
    return true
  }
}
