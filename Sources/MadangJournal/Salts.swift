public import MadangProgramme
import Synchronization

/// Where the salts of commitments come from. Whoever can foresee them can guess sealed values.
public protocol SaltSource: Sendable {
  func salt() throws(CryptographyError) -> Salt
}

/// Salts from the system's generator, drawn 256 at a time.
public final class SystemSalts: SaltSource {
  private static let drawn = 256
  private let ready = Mutex<[Salt]>([])

  public init() {}

  public func salt() throws(CryptographyError) -> Salt {
    try ready.withLock { ready throws(CryptographyError) in
      if let salt = ready.popLast() { return salt }
      ready = try SystemSalts.fresh()
      return ready.removeLast()
    }
  }

  private static func fresh() throws(CryptographyError) -> [Salt] {
    let bytes = try SystemRandom.bytes(count: drawn * SHA256.saltByteCount)
    return bytes.withUnsafeBytes { bytes in
      func word(_ number: Int) -> UInt64 {
        bytes.loadUnaligned(fromByteOffset: 8 * number, as: UInt64.self)
      }
      return (0..<drawn).map { Salt(high: word(2 * $0), low: word(2 * $0 + 1)) }
    }
  }
}
