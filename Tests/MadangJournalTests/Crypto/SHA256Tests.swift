import MadangJournal
import MadangProgramme
import Testing

struct SHA256Tests {
  // FIPS 180-2, appendix B.
  @Test(arguments: [
    ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ])
  func `published digests come out, at once and in pieces`(
    text: String, times: Int, expected: String
  ) {
    let bytes = Array(String(repeating: text, count: times).utf8)
    #expect(SHA256.hash(bytes).hex == expected)

    var stream = SHA256.Stream()
    for start in stride(from: 0, to: bytes.count, by: 1_000) {
      stream.update(Array(bytes[start..<min(start + 1_000, bytes.count)]))
    }
    #expect(stream.digest.hex == expected)
    #expect(stream.digest.hex == expected, "reading a stream's digest doesn't end it")
  }

  @Test func `every use of the hash has its own prefix`() {
    let left = SHA256.hash([1])
    let right = SHA256.hash([2])
    let salt = [UInt8](0..<16)
    #expect(SHA256.leaf([5, 6]) == SHA256.hash([0, 5, 6]))
    #expect(SHA256.leaf([]) == SHA256.hash([0]))
    #expect(SHA256.node(left, right) == SHA256.hash([1] + left.bytes + right.bytes))
    #expect(SHA256.commitment(salt: salt, value: [7]) == SHA256.hash([2] + salt + [7]))
  }

  @Test func `a copied stream goes its own way`() {
    var stream = SHA256.Stream()
    stream.update([1])
    var other = stream
    other.update([2])
    #expect(stream.digest == SHA256.hash([1]))
    #expect(other.digest == SHA256.hash([1, 2]))
  }
}
