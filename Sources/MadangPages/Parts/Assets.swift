/// The stylesheet, the scripts and the icon: everything a page needs, from here and nowhere else.
public enum Assets {
  /// Changes with any of them, so that a browser may keep what it has for ever.
  public static let version: String = {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for (_, bytes) in files.sorted(by: { $0.key < $1.key }).map({ ($0.key, $0.value.bytes) }) {
      for byte in bytes { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
    }
    return String(hash, radix: 36)
  }()

  public struct File: Sendable {
    public let type: String
    public let bytes: [UInt8]
  }

  /// By name.
  public static let files: [String: File] = [
    "madang.css": File(type: "text/css; charset=utf-8", bytes: PackageResources.madang_css),
    "madang.js": script(PackageResources.madang_js),
    "field.js": script(PackageResources.field_js),
    "ledger.js": script(PackageResources.ledger_js),
    "icon.svg": File(type: "image/svg+xml", bytes: Array(icon.utf8)),
  ]

  private static func script(_ bytes: [UInt8]) -> File {
    File(type: "text/javascript; charset=utf-8", bytes: bytes)
  }

  /// A yard seen from above: four walls, and what is shared in it.
  private static let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect x="2" y="2" width="28" \
    height="28" rx="6" fill="#0b5d4e"/><g fill="#f4c95d"><circle cx="11" cy="11" r="3"/>\
    <circle cx="21" cy="11" r="3"/><circle cx="11" cy="21" r="3"/></g>\
    <circle cx="21" cy="21" r="3" fill="#fff"/></svg>
    """
}
