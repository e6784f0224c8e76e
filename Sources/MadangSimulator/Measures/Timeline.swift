/// What the pools held and waited for, sampled at equal distances. When there are more samples than
/// wanted, every other one is let go and the distance doubles: a run's length need not be known.
public struct Timeline: Sendable {
  public let pools: Int
  /// Ticks between two samples.
  public private(set) var step: Int64 = 1
  public private(set) var start: Int64 = 0
  /// Devices in service, a sample each.
  public private(set) var capacity: [Int64] = []
  /// Thousandths of devices held by all.
  public private(set) var heldMilli: [Int64] = []
  /// Devices held, at `sample × pools + pool`.
  public private(set) var busy: [Int64] = []
  /// Devices waited for, likewise.
  public private(set) var waiting: [Int64] = []
  private let limit: Int
  private var due: Int64 = .max

  init(pools: Int, limit: Int) {
    self.pools = pools
    self.limit = limit
  }

  public var count: Int { capacity.count }

  public func time(_ sample: Int) -> Int64 { start + Int64(sample) * step }

  mutating func begin(at time: Int64) {
    start = time
    due = limit > 0 ? time : .max
  }

  /// Takes the samples that lie before `time`, at which the world is still as it was.
  @inline(__always)
  mutating func advance(to time: Int64, _ world: World) {
    if due < time { sample(until: time, world) }
  }

  mutating func end(_ world: World) {
    if limit > 0 { sample(until: world.now + 1, world) }
  }

  private mutating func sample(until time: Int64, _ world: World) {
    while due < time {
      capacity.append(world.capacity)
      heldMilli.append(world.heldMilli)
      busy += world.busyByPool
      waiting += world.waitingByPool
      if count == limit * 2 { thin() }
      due = start + Int64(count) * step
    }
  }

  private mutating func thin() {
    let kept = stride(from: 0, to: count, by: 2)
    capacity = kept.map { capacity[$0] }
    heldMilli = kept.map { heldMilli[$0] }
    busy = kept.flatMap { busy[$0 * pools..<($0 + 1) * pools] }
    waiting = kept.flatMap { waiting[$0 * pools..<($0 + 1) * pools] }
    step *= 2
  }
}
