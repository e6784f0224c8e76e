/// Bytes of published vectors, written in hexadecimal.
enum Hex {
  static func bytes(_ text: String) -> [UInt8] {
    var digits = Array(text)[...]
    var bytes: [UInt8] = []
    while let high = digits.popFirst(), let low = digits.popFirst() {
      bytes.append(UInt8(high.hexDigitValue! << 4 | low.hexDigitValue!))
    }
    return bytes
  }

  static func text(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
