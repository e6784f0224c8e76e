import Foundation

/// Seeds of random tests: `SEED=` runs that one alone.
enum Seeds {
  static let isLong = ProcessInfo.processInfo.environment["MADANG_LONG"] == "1"

  static func seed(_ round: Int) -> UInt64 {
    if let text = ProcessInfo.processInfo.environment["SEED"], let seed = UInt64(text) {
      return seed
    }
    return 0x5EED_0000 + UInt64(round)
  }
}
