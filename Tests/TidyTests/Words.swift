/// The words that `Tidy` looks for.
extension Tidy {
  nonisolated(unsafe) static let importing =
    /^(?:@[a-zA-Z_()]+ )*(?:public |internal |package |private )?import (?:struct |enum |class |func )?([A-Za-z_]+)/

  nonisolated(unsafe) static let function = /^ *(?:@[A-Za-z()]+ |[a-z()]+ )*(?:func|init)\b[^(]*\(/

  nonisolated(unsafe) static let unordered =
    /(?:var|let) ([a-zA-Z]+)(?:: (?:\[[A-Za-z]+ ?: |Set<)|(?: = Set\())/

  /// Spelled in two parts, so that this file does not hold them.
  nonisolated(unsafe) static let later = try! Regex("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b")

  static let forced = [
    "try" + "!", "as" + "!", "unsafe" + "Flags", "-O" + "unchecked", "@unchecked " + "Sendable",
  ]

  /// Clocks, chance, the world, floating point, and orders that change from run to run.
  nonisolated(unsafe) static let impure: [(name: String, word: Regex<Substring>)] = [
    ("Foundation", /\bFoundation\b/), ("Date(", /\bDate\(/), (".now", /(?:Date|Clock|Instant)\.now\b|[ (,]\.now\b/),
    ("UUID(", /\bUUID\(/), ("SystemRandomNumberGenerator", /\bSystemRandomNumberGenerator\b/),
    (".random(in:) of its own", /\.random\(in: [^,]*\)/), ("shuffled()", /\.shuffled\(\)/),
    ("shuffle()", /\.shuffle\(\)/), ("randomElement()", /\.randomElement\(\)/),
    ("Task", /\bTask *(?:\{|\.|\()/), ("async", /\basync\b/), ("await", /\bawait\b/),
    ("Dispatch", /\bDispatch/), ("getenv", /\bgetenv\b/), ("Double", /\bDouble\b/),
    ("Float", /\bFloat\b/), ("hashValue", /\bhashValue\b/), ("print", /(?:^|[^.a-zA-Z])print\(/),
  ]
}
