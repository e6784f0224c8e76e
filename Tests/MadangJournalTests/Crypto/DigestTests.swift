import MadangProgramme
import Testing

struct DigestTests {
  let counted = Digest(
    0x0001_0203_0405_0607, 0x0809_0a0b_0c0d_0e0f, 0x1011_1213_1415_1617, 0x1819_1a1b_1c1d_1e1f)

  @Test func `a digest is its bytes, its words and its text`() {
    let text = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    #expect(counted.bytes == Array(0..<32))
    #expect(Digest(bytes: Array(0..<32)) == counted)
    #expect(Digest(bytes: ContiguousArray<UInt8>(0..<40)[0..<32]) == counted)
    #expect(counted.hex == text)
    #expect("\(counted)" == text)
    #expect(Digest(hex: text) == counted)
  }

  @Test(arguments: [
    "", "00", String(repeating: "0", count: 63), String(repeating: "0", count: 65),
    String(repeating: "A", count: 64), String(repeating: "g", count: 64),
    " " + String(repeating: "0", count: 63), String(repeating: "가", count: 64),
  ])
  func `a digest has one spelling`(text: String) {
    #expect(Digest(hex: text) == nil)
  }
}
