/// What somebody wrote, as a message may repeat it: at most 60 characters, and nothing in it that a
/// terminal would obey or that would turn the reading direction.
func shown(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  var count = 0
  for scalar in text.unicodeScalars {
    count += 1
    if count > 60 {
      result.append("…")
      break
    }
    if isInvisible(scalar) {
      result.append(contentsOf: codePoint(scalar.value).unicodeScalars)
    } else {
      result.append(scalar)
    }
  }
  return String(result)
}

/// `U+202E`.
func codePoint(_ value: UInt32) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}

private func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
  default: false
  }
}
