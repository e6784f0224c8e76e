import RegexBuilder

/// The words that `Tidy` looks for.
extension Tidy {
  /// `@testable import A`, `public import struct A.B`: A.
  nonisolated(unsafe) static let importing =
    /^(?:@?[a-zA-Z_()]+ )*import (?:[a-z]+ )?([A-Za-z0-9_]+)/

  nonisolated(unsafe) static let function = /^ *(?:@[A-Za-z()]+ |[a-z()]+ )*(?:func|init)\b[^(]*\(/

  nonisolated(unsafe) static let unordered =
    /(?:var|let) ([a-zA-Z]+)(?:: (?:\[[A-Za-z]+ ?: |Set<)|(?: = Set\())/

  /// `for x in name {`, `name.map`, `Array(name)`; not `other.name.map`.
  nonisolated(unsafe) static let walking = Regex {
    ChoiceOf {
      Regex {
        " in "; name;
        Optionally {
          ChoiceOf {
            ".keys"; ".values"
          }
        }; " "
      }
      Regex {
        /(?:^|[^.A-Za-z])/
        name
        Optionally {
          ChoiceOf {
            ".keys"; ".values"
          }
        }
        /\.(?:map|forEach|filter|compactMap|flatMap|first|prefix|enumerated|joined)\b/
      }
      Regex {
        "Array("; name; /[.)]/
      }
    }
  }
  nonisolated(unsafe) private static let name = Capture { /[a-zA-Z]+/ }

  /// What makes the order of a walk not matter.
  static let ordering = ["sorted", "min(", "max(", "allSatisfy", "contains", "reduce(0"]

  /// Spelled in two parts, so that this file does not hold them.
  nonisolated(unsafe) static let later = try! Regex("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b")

  static let forced = [
    "try" + "!", "as" + "!", "unsafe" + "Flags", "-O" + "unchecked", "@unchecked " + "Sendable",
  ]

  /// Clocks, chance, the world, floating point, and orders that change from run to run.
  nonisolated(unsafe) static let impure: [(name: String, word: Regex<Substring>)] = [
    ("Foundation", /\bFoundation\b/), ("Date(", /\bDate\(/),
    (".now", /(?:Date|Clock|Instant)\.now\b|[ (,]\.now\b/),
    ("UUID(", /\bUUID\(/), ("SystemRandomNumberGenerator", /\bSystemRandomNumberGenerator\b/),
    (".random(in:) of its own", /\.random\(in: [^,]*\)/), ("shuffled()", /\.shuffled\(\)/),
    ("shuffle()", /\.shuffle\(\)/), ("randomElement()", /\.randomElement\(\)/),
    ("Task", /\bTask *(?:\{|\.|\()/), ("async", /\basync\b/), ("await", /\bawait\b/),
    ("Dispatch", /\bDispatch(?:Queue|Group|Source|Time|Work|Semaphore)/),
    ("getenv", /\bgetenv\b/), ("Double", /\bDouble\b/),
    ("Float", /\bFloat\b/), ("hashValue", /\bhashValue\b/), ("print", /(?:^|[^.a-zA-Z])print\(/),
  ]
}
