import Testing

@testable import MadangPages
@testable import MadangProgramme
@testable import MadangViews

/// Every GPU is one dot, whoever draws it.
struct FieldTests {
  private static func context(_ query: [(name: String, value: String)] = []) -> PageContext {
    PageContext(
      programme: Programme(), caller: .passerBy, language: .en, path: "/", query: query,
      now: Instant(0), csrf: nil, formKey: "")
  }

  private static func groups(_ gpus: [Int64]) throws -> [FieldGroup] {
    let states = FieldGroup.State.allCases
    return try gpus.enumerated().map { index, gpus in
      FieldGroup(
        name: Bilingual(ko: try Text("줄 \(index)"), en: try Text("line \(index)")),
        state: states[index % states.count], pool: nil, gpus: gpus)
    }
  }

  /// Dots within outlines such as `M3 0H9V2H4V3H0V1H3Z`, by the shoelace formula.
  private static func area(_ outline: Substring) -> Int64 {
    var corners: [(x: Int64, y: Int64)] = []
    var (x, y) = (Int64(0), Int64(0))
    var rest = outline
    while let letter = rest.popFirst(), letter != "Z" {
      func number() -> Int64 {
        let digits = rest.prefix { $0.isNumber }
        rest = rest.dropFirst(digits.count)
        return Int64(digits) ?? -1
      }
      switch letter {
      case "M":
        x = number()
        rest = rest.dropFirst()
        y = number()
      case "H": x = number()
      default: y = number()
      }
      corners.append((x, y))
    }
    var twice: Int64 = 0
    for (index, corner) in corners.enumerated() {
      let next = corners[(index + 1) % corners.count]
      twice += corner.x * next.y - next.x * corner.y
    }
    return abs(twice) / 2
  }

  @Test func `each group's shape holds as many dots as it has GPUs`() throws {
    for round in 0..<50 {
      // Groups within a row, over the end of one, and of many rows.
      let gpus = (0...(round % 20)).map { index in
        Int64((round + 1) * 7_919 + index * 104_729) % (round < 25 ? 40 : 60_000) + 1
      }
      let html = FieldPicture.section(try Self.groups(gpus), Self.context()).text
      let shapes = html.components(after: " d=\"")
      #expect(shapes.map(Self.area) == gpus, "\(gpus)")
      #expect(html.components(after: "data-gpus=\"").map { Int64($0) } == gpus)
    }
  }

  @Test func `a colour says one thing, and what it says adds up to all`() throws {
    for colour in ["state", "pool", "use", "rainbow"] {
      let context = Self.context([("colour", colour)])
      let html = FieldPicture.section(try Self.groups([10, 20, 30, 40, 50, 60, 70]), context).text
      let marks = html.components(after: "<li elementtiming=\"field\"><i class=\"")
      #expect(Set(marks).count == marks.count, "\(colour)")
      let sums = html.components(after: "<b>", until: "<").compactMap { Int64($0) }
      #expect(sums.reduce(0, +) == 280, "\(colour)")
    }
  }

  @Test func `what a simulated cluster pretends is counted apart, and marked wherever it stands`() {
    var programme = AccessTests.programme()
    var binding = ClusterBinding()
    binding.engine = ClusterEngine(kind: .local, simulated: true)
    programme.bindings.append(binding)
    programme.allocations[AllocationID(1)].enforcedGeneration = 1
    // Enforced, but nobody could use it yet.
    #expect(programme.gpusInUse == GPUsInUse())
    programme.allocations[AllocationID(1)].firstUse = Instant(0)
    #expect(programme.gpusInUse.gpus == 8 && programme.gpusInUse.simulated == 8)
    #expect(programme.gpusInUseByPool[PoolID(1)] == programme.gpusInUse)
    #expect(Pieces.simulated(programme.gpusInUse, Self.context()).text.contains("simulated"))
    programme.bindings[ClusterID(1)].engine = ClusterEngine(kind: .local, simulated: false)
    #expect(programme.gpusInUse.gpus == 8 && !programme.gpusInUse.isSimulated)
    #expect(Pieces.simulated(programme.gpusInUse, Self.context()).isEmpty)
  }

  @Test func `dots in use and dots that are pretended have their own colour and word`() throws {
    let name = Bilingual(ko: try Text("줄"), en: try Text("line"))
    let groups = [false, true].map {
      FieldGroup(name: name, state: .inUse, pool: nil, gpus: 8, isSimulated: $0)
    }
    for colour in ["state", "use"] {
      let html = FieldPicture.section(groups, Self.context([("colour", colour)])).text
      let marks = html.components(after: "<li elementtiming=\"field\"><i class=\"")
      #expect(marks.count == 2 && marks[0] != marks[1])
      #expect(html.contains("in use (simulated)"))
    }
    #expect(FieldTable.table(groups, Self.context()).csv(Self.context()).contains("(simulated)"))
  }
}

extension String {
  /// What follows each `mark`, up to `end`.
  fileprivate func components(after mark: String, until end: Character = "\"") -> [Substring] {
    var found: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: mark) {
      rest = rest[range.upperBound...]
      found.append(rest.prefix { $0 != end })
    }
    return found
  }
}
