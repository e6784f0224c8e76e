import MadangProgramme
import Testing

@Suite struct HexDigitsTests {
  /// Every byte in every place, among digits: told a second time by looking each up.
  @Test func `sixteen lowercase digits are a number, and nothing else is`() {
    let alphabet = Array("0123456789abcdef".utf8)
    for byte in UInt8.min...UInt8.max {
      for place in 0..<16 {
        var text = (0..<16).map { alphabet[($0 * 7 + Int(byte)) % 16] }
        text[place] = byte
        let digits = text.compactMap { alphabet.firstIndex(of: $0) }
        let expected = digits.count == 16 ? digits.reduce(0) { $0 << 4 | UInt64($1) } : nil
        #expect(HexDigits.word([0] + text + [0], from: 1) == expected, "\(text)")
      }
    }
  }
}
