/// A signature as one line of text, as it stands in an HTTP header: its algorithm, a space, and its
/// bytes in hexadecimal digits.
///
///     ed25519 8f0e…          128 digits
///
/// It names no key: whoever checks it knows whose it should be, and by which algorithm.
public struct SignatureLine: Hashable, Sendable {
  public let algorithm: String
  public let bytes: [UInt8]

  /// Digits in a line: no algorithm's signature has more than 64 bytes.
  public static let digitsMax = 128

  public init(_ signature: Signature) {
    algorithm = signature.algorithm
    bytes = signature.bytes
  }

  /// Reads a line, or nothing where it is another text or the algorithm is none of ours.
  public init?(_ text: String) {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count == 2, words[1].utf8.count <= SignatureLine.digitsMax,
      CryptographyProfile.signing(with: String(words[0])) != nil,
      let bytes = Hexadecimal.bytes(words[1]), !bytes.isEmpty
    else { return nil }
    algorithm = String(words[0])
    self.bytes = bytes
  }

  public var text: String { "\(algorithm) \(Hexadecimal.text(bytes))" }
}
