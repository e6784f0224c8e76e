internal import MadangSimulator

/// Random numbers that a run's seed decides.
public struct Random {
  private var generator: SeededGenerator

  public init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  public mutating func draw(_ range: ClosedRange<Int>) -> Int { generator.draw(range) }
  public mutating func chance(_ percent: Int) -> Bool { generator.draw(1...100) <= percent }
  public mutating func pick<Element>(_ list: [Element]) -> Element {
    list[generator.draw(0...(list.count - 1))]
  }
}

/// Folds bytes into 64 bits (FNV-1a): to compare runs and programmes, not to prove anything.
public struct Fold {
  public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  public init() {}

  public mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  public mutating func add(_ number: Int64) {
    value = (value ^ UInt64(bitPattern: number)) &* 0x100_0000_01B3
    value ^= value >> 29
  }

  public static func of(_ bytes: [UInt8]) -> UInt64 {
    var fold = Fold()
    fold.add(bytes)
    return fold.value
  }
}
