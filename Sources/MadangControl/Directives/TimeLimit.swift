/// Slurm's ways to write a length of time.
public enum TimeLimit {
  /// Seconds, from one of
  ///
  /// ```
  ///  minutes   minutes:seconds   hours:minutes:seconds
  ///  days-hours   days-hours:minutes   days-hours:minutes:seconds
  /// ```
  /// Nothing for any other text. Parts may pass their usual range, as `90:00` does.
  public static func seconds(_ text: String) -> Int64? {
    let halves = text.split(separator: "-", omittingEmptySubsequences: false)
    guard halves.count <= 2, let last = halves.last else { return nil }
    var parts: [Int64] = []
    for part in last.split(separator: ":", omittingEmptySubsequences: false) {
      // Nine digits of any unit stay far within 64 bits.
      guard part.utf8.count <= 9, let number = decimal(part) else { return nil }
      parts.append(number)
    }
    if halves.count == 2 {
      guard halves[0].utf8.count <= 9, let days = decimal(halves[0]), parts.count <= 3 else {
        return nil
      }
      parts += Array(repeating: 0, count: 3 - parts.count)
      return days * 86_400 + parts[0] * 3_600 + parts[1] * 60 + parts[2]
    }
    switch parts.count {
    case 1: return parts[0] * 60
    case 2: return parts[0] * 60 + parts[1]
    case 3: return parts[0] * 3_600 + parts[1] * 60 + parts[2]
    default: return nil
    }
  }

  /// How Slurm says that there is none.
  static func isUnlimited(_ text: String) -> Bool {
    ["UNLIMITED", "INFINITE", "-1", "0"].contains(text.uppercased())
  }
}
