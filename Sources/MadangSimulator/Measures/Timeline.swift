/// What the pools held and waited for, sampled at equal distances. When there are more samples than
/// wanted, every other one is let go and the distance doubles: a run's length need not be known.
public struct Timeline: Sendable {
  public let pools: Int
  public let models: Int
  /// Ticks between two samples.
  public private(set) var step: Int64 = 1
  public private(set) var start: Int64 = 0
  /// Devices in service, a sample each.
  public private(set) var capacity: [Int64] = []
  /// Thousandths of devices held by all.
  public private(set) var heldMilli: [Int64] = []
  /// Devices held, at `sample × pools + pool`.
  public private(set) var busy: [Int64] = []
  /// Devices in service, at `sample × models + model`.
  public private(set) var capacityByModel: [Int64] = []
  /// Thousandths of devices held, at `(sample × pools + pool) × models + model`.
  public private(set) var held: [Int64] = []
  /// Devices waited for, by pool.
  public private(set) var waiting: [Int64] = []
  private let limit: Int
  private var due: Int64 = .max

  init(pools: Int, models: Int, limit: Int) {
    self.pools = pools
    self.models = models
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
      // Where the samples before `time` would be too many, every other of them need not be taken.
      if Int64(count) + (time - due - 1) / step + 1 >= Int64(limit * 2) {
        thin()
        due = start + Int64(count) * step
        continue
      }
      capacity.append(world.capacity)
      heldMilli.append(world.heldMilli)
      busy += world.busyByPool
      capacityByModel += world.capacityByModel
      held += world.heldByPoolAndModel
      waiting += world.waitingByPool
      due = start + Int64(count) * step
    }
  }

  private mutating func thin() {
    Timeline.thin(&capacity, 1)
    Timeline.thin(&heldMilli, 1)
    Timeline.thin(&busy, pools)
    Timeline.thin(&waiting, pools)
    Timeline.thin(&capacityByModel, models)
    Timeline.thin(&held, pools * models)
    step *= 2
  }

  /// Keeps every other row of `width`, from the first on.
  private static func thin(_ column: inout [Int64], _ width: Int) {
    let rows = (column.count / width + 1) / 2
    for at in width..<max(width, rows * width) {
      column[at] = column[at / width * 2 * width + at % width]
    }
    column.removeLast(column.count - rows * width)
  }
}
