/// The candidate that `name` most likely means, or nothing where none is near.
///
/// Near is at most one edit for every three characters. Ties go to the first in alphabetical order,
/// so that the same folder always gets the same hint.
func nearest(to name: String, in candidates: some Sequence<String>) -> String? {
  let target = Array(name.unicodeScalars.prefix(64))
  let limit = max(1, target.count / 3)
  var best: (edits: Int, name: String)?
  for candidate in candidates {
    let scalars = Array(candidate.unicodeScalars.prefix(64))
    guard abs(scalars.count - target.count) <= limit else { continue }
    let edits = editDistance(target, scalars)
    guard edits <= limit else { continue }
    if let known = best, (known.edits, known.name) <= (edits, candidate) { continue }
    best = (edits, candidate)
  }
  return best?.name
}

/// Insertions, deletions, changes and swaps of neighbours that turn `a` into `b`.
///
/// Complexity: O(a × b).
func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var older = [Int](repeating: 0, count: b.count + 1)
  var old = Array(0...b.count)
  for i in 1...a.count {
    var new = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      let change = old[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      new[j] = min(change, old[j] + 1, new[j - 1] + 1)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        new[j] = min(new[j], older[j - 2] + 1)
      }
    }
    older = old
    old = new
  }
  return old[b.count]
}

func didYouMean(_ name: String) -> Wording {
  Wording(
    ko: "혹시 ‘\(shown(name))’ 아닙니까?", en: "Did you mean ‘\(shown(name))’?")
}
