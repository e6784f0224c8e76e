import Foundation
import MadangSimulator

/// Random numbers that a seed decides, with what tests like to draw.
struct Seeded: RandomNumberGenerator {
  private var generator: SeededGenerator

  init(_ seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func next() -> UInt64 { generator.next() }
  mutating func draw(_ range: ClosedRange<Int>) -> Int { generator.draw(range) }
  mutating func chance(_ percent: Int) -> Bool { draw(1...100) <= percent }
  mutating func pick<Element>(_ list: [Element]) -> Element { list[draw(0...(list.count - 1))] }
}

/// Runs `body` with `times` seeds in a row: from `SEED` where the environment has one, which is how
/// a failure is repeated.
func seeds(
  _ times: Int, from first: UInt64 = 1, _ body: (UInt64, inout Seeded) throws -> Void
) rethrows {
  let given = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }
  let start = given ?? first
  let times = ProcessInfo.processInfo.environment["MADANG_LONG"] == nil ? times : times * 20
  print("SEED=\(start)\(given == nil ? "…\(start + UInt64(times) - 1)" : "")")
  for seed in start..<(start + UInt64(given == nil ? times : 1)) {
    var random = Seeded(seed)
    try body(seed, &random)
  }
}

/// Whether one seed is repeated: then what only many seeds reach is not asked for.
let repeatsOneSeed = ProcessInfo.processInfo.environment["SEED"] != nil
