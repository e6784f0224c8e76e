import Foundation

/// Where the office's server is: `https://office.example`, `https://10.0.0.1:8443`; plain
/// `http://127.0.0.1:8080` on the loopback alone.
public struct OfficeAddress: Hashable, Sendable, CustomStringConvertible {
  public let isSecure: Bool
  /// Without brackets.
  public let host: String
  public let port: Int

  /// Nothing for any other text: a path, a query, a user, plain HTTP over a network.
  public init?(_ text: String) {
    guard let url = URLComponents(string: text), let scheme = url.scheme,
      ["http", "https"].contains(scheme), let name = url.host, !name.isEmpty,
      url.user == nil, url.password == nil, url.query == nil, url.fragment == nil,
      ["", "/"].contains(url.path), (1...65_535).contains(url.port ?? 443)
    else { return nil }
    host = name.filter { $0 != "[" && $0 != "]" }
    isSecure = scheme == "https"
    port = url.port ?? (isSecure ? 443 : 80)
    guard isSecure || OfficeAddress.isLoopback(host) else { return nil }
  }

  /// As it stands in a request's `Host`.
  var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }

  public var description: String { "\(isSecure ? "https" : "http")://\(authority)" }

  static func isLoopback(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return host == "::1"
      || (parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil })
  }
}
