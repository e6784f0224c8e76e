@testable import MadangProgramme

/// Salts that count, so that a leaf always comes out the same; commitments as they really are.
final class FixedSeal {
  private var count: UInt64 = 0

  func seal(_ value: [UInt8]) -> Seal {
    count += 1
    let salt = Salt(high: 0x5A17_0000_0000_0000, low: count)
    return Seal(salt: salt, commitment: FixedSeal.commitment(salt.bytes, value))
  }

  /// SHA-256(0x02 ‖ salt ‖ value).
  static func commitment(_ salt: [UInt8], _ value: [UInt8]) -> Digest {
    Digest(bytes: SHA256.hash([0x02] + salt + value))
  }
}

extension Leaf {
  /// Encoded with salts that count from 1.
  var fixed: (bytes: [UInt8], openings: [Opening]) {
    let seal = FixedSeal()
    return encoded(seal: seal.seal)
  }
}
