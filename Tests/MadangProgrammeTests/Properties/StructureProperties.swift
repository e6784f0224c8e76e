import Testing

@testable import MadangProgramme

struct StructureProperties {
  @Test func `a day tree is an array of days`() {
    seeds(300) { seed, random in
      let count: Int = random.draw(1...70)
      var naive = (0..<count).map { _ -> Int64 in random.draw(0...20) }
      var tree = DayTree(naive)
      for _ in 0..<40 {
        let start: Int = random.draw(0...(count - 1))
        let range = start..<(start + (random.draw(1...(count - start)) as Int))
        if random.chance(50) {
          let amount: Int64 = random.draw(-9...9)
          tree.add(amount, to: range)
          for day in range { naive[day] += amount }
        }
        let least = tree.least(range)
        let expected = naive[range].min()
        #expect(least.value == expected, "SEED=\(seed)")
        #expect(least.at == range.first { naive[$0] == expected }, "SEED=\(seed): earliest day")
      }
    }
  }

  @Test func `a step function is an array of days, and has one form`() throws {
    try seeds(300) { seed, random in
      let from = Day(year: 2026, month: 1, day: 1)
      let term = try #require(Term(from: from, to: from.advanced(by: 40)))
      func drawn(_ random: inout Seeded) -> (changes: [(on: Day, by: Int64)], naive: [Int64]) {
        let changes: [(on: Day, by: Int64)] = (0..<(random.draw(0...8) as Int)).map { _ in
          (from.advanced(by: random.draw(-3...42)), random.draw(-5...5))
        }
        let naive = (0..<40).map { day in
          changes.reduce(0) { $1.on <= from.advanced(by: day) ? $0 + $1.by : $0 }
        }
        return (changes, naive)
      }
      let (a, naiveA) = drawn(&random)
      let (b, naiveB) = drawn(&random)
      let (f, g) = (StepFunction(changes: a), StepFunction(changes: b))
      func check(_ function: StepFunction, _ naive: [Int64], _ what: String) {
        #expect(function.values(over: term) == naive, "SEED=\(seed) \(what)")
        #expect((0..<40).map { function.value(on: from.advanced(by: $0)) } == naive, "SEED=\(seed)")
        #expect(function.minimum(over: term) == naive.min(), "SEED=\(seed) \(what)")
        let least = function.value(on: from) + 1
        for least in [least, 0, naive.max() ?? 0, naive.min() ?? 0] {
          let short = function.shortage(of: least, over: term)
          let day = naive.firstIndex { $0 < least }
          #expect(short?.on == day.map { from.advanced(by: $0) }, "SEED=\(seed) \(what)")
          #expect(short?.by == day.map { least - naive[$0] }, "SEED=\(seed) \(what)")
        }
        #expect(StepFunction(changes: function.changes) == function, "SEED=\(seed) \(what)")
        let values = [0] + function.steps.map(\.value)
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 != $1 }, "SEED=\(seed) \(what)")
      }
      check(f, naiveA, "f")
      check(f + g, zip(naiveA, naiveB).map(+), "f + g")
      check(f - g, zip(naiveA, naiveB).map(-), "f - g")
      check(f - f, naiveA.map { _ in 0 }, "f - f")
      check(f.mapped { max(0, min($0, 3)) }, naiveA.map { max(0, min($0, 3)) }, "f clamped")
      #expect(f - f == .zero, "SEED=\(seed)")
    }
  }

  @Test func `a paged table is an array, and a snapshot of it stays as it was`() {
    seeds(60) { seed, random in
      var table = PagedTable<AwardKind, Int>()
      var naive: [Int] = []
      var snapshots: [(table: PagedTable<AwardKind, Int>, naive: [Int])] = []
      for step in 0..<(random.draw(1...5_000) as Int) {
        if naive.isEmpty || random.chance(80) {
          #expect(table.append(step).row == naive.count, "SEED=\(seed)")
          naive.append(step)
        } else {
          let row: Int = random.draw(0...(naive.count - 1))
          table[AwardID(row: row)] = -step
          naive[row] = -step
        }
        if snapshots.count < 4, random.chance(1) { snapshots.append((table, naive)) }
      }
      for (table, naive) in snapshots + [(table, naive)] {
        table.checkInvariants()
        var seen: [Int] = []
        table.forEach { id, row in
          #expect(id.row == seen.count, "SEED=\(seed)")
          seen.append(row)
        }
        #expect(seen == naive, "SEED=\(seed)")
        #expect(table.ids.map { table[$0] } == naive, "SEED=\(seed)")
        #expect(table.row(table.nextID) == nil, "SEED=\(seed)")
      }
    }
  }

  @Test func `a ratio is exact`() throws {
    try seeds(500) { seed, random in
      let (a, b): (Int64, Int64) = (random.draw(0...1_000_000), random.draw(1...1_000_000))
      let ratio = try #require(Ratio(a, b))
      let value: Int64 = random.draw(0...9_007_199_254_740)
      let floor = ratio.floor(of: value)
      #expect(Int128(floor) * Int128(b) <= Int128(a) * Int128(value), "SEED=\(seed)")
      #expect(Int128(floor + 1) * Int128(b) > Int128(a) * Int128(value), "SEED=\(seed)")
      #expect(Ratio(ratio.description) == ratio, "SEED=\(seed)")
      #expect(Ratio(a * 3, b * 3) == ratio, "SEED=\(seed): lowest terms")
      let other = try #require(Ratio(random.draw(0...1_000), random.draw(1...1_000)))
      let sum = try #require(Ratio.sum([ratio, other]))
      let numerator =
        Int128(ratio.numerator) * Int128(other.denominator)
        + Int128(other.numerator) * Int128(ratio.denominator)
      let denominator = Int128(ratio.denominator) * Int128(other.denominator)
      #expect(
        Int128(sum.numerator) * denominator == numerator * Int128(sum.denominator), "SEED=\(seed)")
    }
  }

  @Test(arguments: [
    ("50%", "1/2"), ("0.5%", "1/200"), ("1/3", "1/3"), ("4", "4"), ("0.125", "1/8"), ("100%", "1"),
    ("0", "0"), ("6/4", "3/2"),
  ])
  func `a ratio is read as people write it`(text: String, expected: String) {
    #expect(Ratio(text)?.description == expected)
  }

  @Test(arguments: [
    "", "%", "/", "1/", "/2", "1/0", "-1", "+1", "-1/2", "+1/2", "1/-2", "1/+2", ".5", "1.", "1 /2",
    "1.1234567", "1e3", "0x1", "1/2%", "9007199254740992", "٣",
  ])
  func `anything else is no ratio`(text: String) {
    #expect(Ratio(text) == nil)
  }
}
