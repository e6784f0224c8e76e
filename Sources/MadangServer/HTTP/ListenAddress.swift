/// Where a server listens: `127.0.0.1:8443`, `[::1]:8443`, `0.0.0.0:443`, `office.example:443`.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// Without brackets.
  public let host: String
  /// 0 lets the system choose one.
  public let port: Int

  public init(_ text: String) throws(HTTPRefusal) {
    guard let colon = text.lastIndex(of: ":"),
      let port = UInt16(text[text.index(after: colon)...])
    else { throw .noAddress(text) }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      throw .noAddress(text)
    }
    guard !host.isEmpty, host.utf8.count <= 255,
      host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { throw .noAddress(text) }
    // A name that a hosts file could lead elsewhere.
    self.init(host: host == "localhost" ? "127.0.0.1" : String(host), port: Int(port))
  }

  init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Whether nothing that is sent there leaves the machine: an address of the loopback, no name.
  public var isLoopback: Bool {
    if host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
