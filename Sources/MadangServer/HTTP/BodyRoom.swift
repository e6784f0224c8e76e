/// The room for bodies that are being read, of all requests together: a pure table.
///
/// What has come counts, not what was announced, so that a length costs nobody anything; and one
/// address has a share, so that it takes nobody else's.
struct BodyRoom: Equatable {
  private let wholeBytes: Int
  private let shareBytes: Int
  private var bytes = 0
  private var ofAddress: [String: Int] = [:]

  init(
    wholeBytes: Int = HTTPLimits.bodiesBytesMax,
    shareBytes: Int = HTTPLimits.bodiesBytesPerAddressMax
  ) {
    self.wholeBytes = wholeBytes
    self.shareBytes = shareBytes
  }

  /// Whether there is room for so many bytes more. O(1).
  mutating func take(_ count: Int, _ address: String) -> Bool {
    let own = ofAddress[address] ?? 0
    guard bytes + count <= wholeBytes, own + count <= shareBytes else { return false }
    bytes += count
    ofAddress[address] = own + count
    return true
  }

  mutating func give(_ count: Int, _ address: String) {
    bytes -= count
    let left = (ofAddress[address] ?? 0) - count
    ofAddress[address] = left > 0 ? left : nil
  }
}
