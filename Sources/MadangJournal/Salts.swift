public import MadangProgramme
import Synchronization

/// Where the salts of commitments come from. Whoever can foresee them can guess sealed values.
public protocol SaltSource: Sendable {
  func salt() throws(CryptographyError) -> Salt
}

/// Salts from the system's generator, drawn 256 at a time.
public final class SystemSalts: SaltSource {
  private let buffer = Mutex<[UInt8]>([])

  public init() {}

  public func salt() throws(CryptographyError) -> Salt {
    try buffer.withLock { buffer throws(CryptographyError) in
      if buffer.isEmpty { buffer = try SystemRandom.bytes(count: 256 * SHA256.saltByteCount) }
      return Salt(high: SystemSalts.word(&buffer), low: SystemSalts.word(&buffer))
    }
  }

  private static func word(_ buffer: inout [UInt8]) -> UInt64 {
    let word = buffer.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    buffer.removeLast(8)
    return word
  }
}
