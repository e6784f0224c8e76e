public import MadangProgramme

extension Language {
  /// The language that an `Accept-Language` header (RFC 9110, 12.5.4) likes best: English where it
  /// names neither, and the first where it likes both alike.
  public init(accepting header: String?) {
    var best = Language.en
    var most = 0
    // A header of a browser names a handful; what comes after is of no one's reading.
    for range in (header ?? "").split(separator: ",").prefix(20) {
      let parts = range.split(separator: ";").map { $0.filter { $0 != " " } }
      guard let tag = parts.first?.split(separator: "-").first?.lowercased(),
        let language = Language(rawValue: tag)
      else { continue }
      let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Language.weight($0) }
      if weight ?? 1_000 > most {
        most = weight ?? 1_000
        best = language
      }
    }
    self = best
  }

  /// `q=0.85` as thousandths; 0 for anything else.
  private static func weight(_ text: String) -> Int {
    let digits = text.dropFirst(2).split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(digits.count), let whole = Int(digits[0]), (0...1).contains(whole)
    else { return 0 }
    guard digits.count == 2, whole == 0 else { return whole * 1_000 }
    let thousandths = (digits[1] + "000").prefix(3)
    return thousandths.utf8.allSatisfy { (48...57).contains($0) } ? Int(thousandths) ?? 0 : 0
  }
}
