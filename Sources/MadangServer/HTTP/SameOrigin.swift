import HTTPTypes
import Hummingbird

/// Whether a page of ours sent it, as the browser says (Fetch Metadata; RFC 6454).
///
/// A form's secret alone would do; this is asked before it, so that a secret that got about is of
/// no use to another site, and so that none can put words into a form of ours.
extension Request {
  /// Throws: another site's page sent it. What says nothing of where it comes from is no browser
  /// of these days: it has the secret, or nothing is done.
  func needSameOrigin() throws(HTTPRefusal) {
    // Where a browser judges itself, a proxy that names its host anew leads nobody astray.
    if let site = headers[.secFetchSite] {
      guard site == "same-origin" || site == "none" else { throw .otherForm }
    } else if let origin = headers[.origin] {
      guard let host = head.authority, Request.authority(origin) == host.lowercased() else {
        throw .otherForm
      }
    }
  }

  /// `https://office.example:8443` without its scheme; nothing for `null`.
  private static func authority(_ origin: String) -> String? {
    for scheme in ["https://", "http://"] where origin.hasPrefix(scheme) {
      return origin.dropFirst(scheme.count).lowercased()
    }
    return nil
  }
}

extension HTTPField.Name {
  // A token of RFC 9110, as its own use shows.
  static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
