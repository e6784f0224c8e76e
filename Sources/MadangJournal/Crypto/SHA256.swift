import CMadangCrypto
public import MadangProgramme

/// SHA-256, and the tree's hashes made from it.
///
/// Every use begins with its own prefix byte, so that no leaf can pass for a node and no opened
/// value for either:
///
///     0x00 ‖ leaf bytes            a leaf of the tree (RFC 6962)
///     0x01 ‖ left ‖ right          an inner node      (RFC 6962)
///     0x02 ‖ salt (16) ‖ value     the commitment to a field that is not public
public enum SHA256 {
  /// The algorithm identifier that stands beside each of these hashes.
  public static let algorithm = "sha256"

  /// The number of bytes in the salt of a commitment: 128 bits.
  public static let saltByteCount = 16

  /// The hash of nothing, which RFC 6962 makes the root of the empty tree.
  public static let empty = hash([])

  /// SHA-256 of the bytes. O(n), without allocation.
  public static func hash(_ bytes: [UInt8]) -> Digest {
    bytes.withUnsafeBytes { bytes in
      digest { madang_sha256(bytes.baseAddress, bytes.count, $0) }
    }
  }

  /// The leaf hash of a stored event's exact bytes. O(n), without allocation.
  public static func leaf(_ bytes: [UInt8]) -> Digest {
    bytes.withUnsafeBytes { bytes in
      digest { madang_sha256_prefixed(0x00, bytes.baseAddress, bytes.count, nil, 0, $0) }
    }
  }

  /// The hash of the inner node above `left` and `right`. O(1), without allocation.
  public static func node(_ left: Digest, _ right: Digest) -> Digest {
    let children = (
      left.w0.bigEndian, left.w1.bigEndian, left.w2.bigEndian, left.w3.bigEndian,
      right.w0.bigEndian, right.w1.bigEndian, right.w2.bigEndian, right.w3.bigEndian
    )
    return withUnsafeBytes(of: children) { bytes in
      digest { madang_sha256_prefixed(0x01, bytes.baseAddress, bytes.count, nil, 0, $0) }
    }
  }

  /// The commitment to the canonical bytes of a value under a fresh salt of 16 bytes.
  ///
  /// The salt's length is fixed: otherwise its end could be read as the value's beginning.
  public static func commitment(salt: [UInt8], value: [UInt8]) -> Digest {
    precondition(salt.count == saltByteCount, "a salt has 16 bytes")
    return salt.withUnsafeBytes { salt in
      value.withUnsafeBytes { value in
        digest {
          madang_sha256_prefixed(
            0x02, salt.baseAddress, salt.count, value.baseAddress, value.count, $0)
        }
      }
    }
  }

  /// The same under a salt as words, without allocation.
  static func commitment(salt: Salt, value: [UInt8]) -> Digest {
    withUnsafeBytes(of: (salt.high.bigEndian, salt.low.bigEndian)) { salt in
      value.withUnsafeBytes { value in
        digest {
          madang_sha256_prefixed(
            0x02, salt.baseAddress, salt.count, value.baseAddress, value.count, $0)
        }
      }
    }
  }

  /// Runs a function that writes 32 bytes, and takes them as words.
  private static func digest(_ write: (UnsafeMutablePointer<UInt8>?) -> Void) -> Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    withUnsafeMutableBytes(of: &words) { bytes in
      write(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
    return Digest(
      UInt64(bigEndian: words.0), UInt64(bigEndian: words.1),
      UInt64(bigEndian: words.2), UInt64(bigEndian: words.3))
  }

  /// A SHA-256 in the making, for what is too large to hold: a file, an export. A value: a copy
  /// goes its own way.
  public struct Stream: Sendable {
    private var state = madang_sha256_state()

    /// A stream of no bytes yet.
    public init() {
      madang_sha256_start(&state)
    }

    /// Adds bytes. O(n).
    public mutating func update(_ bytes: [UInt8]) {
      bytes.withUnsafeBytes { update($0) }
    }

    /// Adds bytes. O(n).
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
      madang_sha256_update(&state, bytes.baseAddress, bytes.count)
    }

    /// The hash of all bytes so far; the stream may go on.
    public var digest: Digest {
      var last = state
      return SHA256.digest { madang_sha256_finish(&last, $0) }
    }
  }
}
