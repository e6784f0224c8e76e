internal import MadangProgramme

/// Whole numbers and ratios, exact as they are written.
extension Value {
  /// A whole number in plain digits: no sign, no underscore, no point, no leading zero, no quotes.
  func integer(_ range: ClosedRange<Int64> = 0...Limits.integerMax) -> Int64? {
    guard let (text, plain) = scalar() else { return nil }
    let negative = text.hasPrefix("-")
    let digits = text.utf8.dropFirst(negative ? 1 : 0)
    let inDigits = !digits.isEmpty && digits.allSatisfy { $0 >= 48 && $0 <= 57 }
    guard plain, inDigits, digits.count == 1 || digits.first != 48 else {
      wrongKind(
        Wording(ko: "정수가", en: "a whole number"),
        hint: Wording(
          ko: "따옴표, 쉼표, 밑줄, 소수점 없이 숫자만 쓰십시오.",
          en: "Write digits only: no quotes, commas, underscores or points."))
      return nil
    }
    guard !negative, let number = Int64(text), range.contains(number) else {
      outOfRange(text, range)
      return nil
    }
    return number
  }

  private func outOfRange(_ text: String, _ range: ClosedRange<Int64>) {
    refuse(
      "‘\(shown(name))’ 값이 \(shown(text))일 수 없습니다.", "‘\(shown(name))’ cannot be \(shown(text)).",
      hintKo: "\(range.lowerBound)부터 \(range.upperBound)까지 쓸 수 있습니다.",
      hintEn: "It may be \(range.lowerBound) to \(range.upperBound).")
  }

  /// `50%`, `62.5%`, `3/8` or `2.5`.
  func ratio() -> Ratio? {
    guard let (text, _) = scalar() else { return nil }
    guard text.utf8.count <= 40, let ratio = Ratio(text) else {
      wrongKind(
        Wording(ko: "비율이", en: "a ratio"),
        hint: Wording(
          ko: "\"50%\", \"62.5%\", \"3/8\", \"2.5\"처럼 쓰십시오.",
          en: "Write it like \"50%\", \"62.5%\", \"3/8\" or \"2.5\"."))
      return nil
    }
    return ratio
  }
}
