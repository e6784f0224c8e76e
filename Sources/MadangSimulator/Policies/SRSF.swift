/// Shortest remaining service first: remaining time × devices, with preemption.
struct SRSF: Policy {
  private var order: [Int32] = []
  private let replacing: Replacing

  init(paysOverhead: Bool) { replacing = Replacing(paysOverhead: paysOverhead) }

  mutating func arrived(_ job: Int, _ world: inout World) { order.append(Int32(job)) }

  mutating func evicted(_ job: Int, _ world: inout World) {}

  mutating func ended(_ job: Int, _ world: inout World) { order.removeAll { $0 == job } }

  mutating func decide(_ world: inout World) {
    replacing.check(order, &world)
    Replacing.sort(&order) { Int128(world.remaining[$0]) * Int128(world.jobs.gpus[$0]) }
    replacing.replace(order, &world)
  }
}
