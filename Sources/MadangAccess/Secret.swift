import CMadangCrypto
import Foundation
import MadangCrypto
import MadangProgramme

/// The secrets that are given out: 32 random bytes as text. Only the SHA-256 of the text is kept.
///
/// Secrets are looked up by that hash. How long a look-up takes says something about the hash of
/// a guess, which nobody can steer towards that of a secret.
enum Secret {
  static let byteCount = 32
  /// 32 bytes in base64url without padding.
  static let characterCount = 43
  /// So that scanners of leaked secrets recognise a token.
  static let tokenPrefix = "madang_"

  /// So that it is not mistaken for a token.
  static let invitationPrefix = "invitation_"

  static func fresh() throws(AccessRefusal) -> String {
    do {
      return Base64URL.text(try SystemRandom.bytes(count: byteCount))
    } catch {
      throw .unavailable(reason: "no random bytes")
    }
  }

  /// What is kept of a session's secret; nothing for what cannot be one.
  static func digest(ofSession secret: String) -> Digest? {
    guard secret.utf8.count == characterCount else { return nil }
    return SHA256.hash(Array(secret.utf8))
  }

  static func digest(ofToken token: String) -> Digest? { digest(token, tokenPrefix) }

  static func digest(ofInvitation invitation: String) -> Digest? {
    digest(invitation, invitationPrefix)
  }

  private static func digest(_ secret: String, _ prefix: String) -> Digest? {
    guard secret.utf8.count == prefix.utf8.count + characterCount, secret.hasPrefix(prefix) else {
      return nil
    }
    return SHA256.hash(Array(secret.utf8))
  }

  /// What a form of this session carries. It is made from the secret, so that it need not be kept,
  /// and under a prefix, so that it is not the hash that is.
  static func csrf(of secret: String) -> String {
    Base64URL.text(SHA256.hash(Array("csrf \(secret)".utf8)).bytes)
  }

  /// In a time that does not tell where they differ.
  static func areEqual(_ a: String, _ b: String) -> Bool {
    let a = Array(a.utf8)
    let b = Array(b.utf8)
    return a.count == b.count && madang_equal(a, b, a.count) == 1
  }
}

/// Bytes as text for addresses and cookies (RFC 4648 §5), without padding.
public enum Base64URL {
  public static func text(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
      .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .replacingOccurrences(of: "=", with: "")
  }

  /// Nothing for any other text, one with padding too.
  public static func bytes(_ text: String) -> [UInt8]? {
    guard !text.contains(where: { "+/=".contains($0) }) else { return nil }
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    let standard = text.replacingOccurrences(of: "-", with: "+")
      .replacingOccurrences(of: "_", with: "/")
    return Data(base64Encoded: standard + padding).map { [UInt8]($0) }
  }
}
