import Testing

/// Two texts line by line, as one reads a change: `-` was expected, `+` came.
func difference(_ expected: [String], _ actual: [String]) -> String? {
  guard expected != actual else { return nil }
  var lines: [String] = []
  let change = actual.difference(from: expected)
  var removed: Set<Int> = []
  var inserted: Set<Int> = []
  for step in change {
    switch step {
    case .remove(let offset, _, _): removed.insert(offset)
    case .insert(let offset, _, _): inserted.insert(offset)
    }
  }
  var (a, b) = (0, 0)
  while a < expected.count || b < actual.count {
    if a < expected.count, removed.contains(a) {
      lines.append("- \(expected[a])")
      a += 1
    } else if b < actual.count, inserted.contains(b) {
      lines.append("+ \(actual[b])")
      b += 1
    } else {
      lines.append("  \(expected[a])")
      (a, b) = (a + 1, b + 1)
    }
  }
  return nearChanges(lines).joined(separator: "\n")
}

/// Changed lines with three before and after, `…` for the rest.
private func nearChanges(_ lines: [String]) -> [String] {
  let changed = lines.indices.filter { !lines[$0].hasPrefix("  ") }
  var shown: [String] = []
  for index in lines.indices {
    if changed.contains(where: { abs($0 - index) <= 3 }) {
      shown.append(lines[index])
    } else if shown.last != "  …" {
      shown.append("  …")
    }
  }
  return shown
}
