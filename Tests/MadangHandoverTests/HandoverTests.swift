import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// From what is desired, by the operator's hands, to what is found.
struct HandoverTests {
  @Test func `servers are asked for, given, and found`() throws {
    let yard = try Yard(4)
    #expect(try yard.look() == "- up 32")
    try yard.want(7, "1:16 2:8")
    #expect(try yard.order() == "S01:1 S02:1 S03:2")
    // The order stands; nobody has done anything yet.
    #expect(try yard.look() == "7 up 32")
    #expect(try yard.work())
    #expect(try yard.look() == "7 1:16/16 2:8/8 up 32")
    #expect(try !yard.work())
  }

  @Test func `the same state and inventory give the same order, byte for byte`() throws {
    let servers = (1...50).map { number in
      Inventory.Server(
        serial: Yard.serial(number), gpus: number % 3 == 0 ? 4 : 8,
        state: [.ready, .down, .suspended, .wiping][number % 4],
        holder: number % 5 == 0 ? AllocationID(number % 3 + 1) : nil)
    }
    let rows = (1...4).map { number in
      DesiredAllocation(
        allocation: AllocationID(number), limit: .reserved(gpus: 24), suspended: number == 2,
        from: Instant(0), to: Instant(100))
    }
    let desired = DesiredState(cluster: Yard.cluster, generation: 3, allocations: rows)
    let orders = [servers, servers.reversed(), servers.shuffled()].map { list in
      CanonicalWriter.bytes(
        of: WorkOrder(desired, Inventory(simulated: true, servers: list), at: Instant(5)))
    }
    #expect(orders[0] == orders[1] && orders[0] == orders[2])
    let order = try CanonicalReader.value(WorkOrder.self, from: orders[0])
    #expect(order.generation == 3)
    #expect(Set(order.servers.map(\.serial)).count == order.servers.count)
  }

  @Test func `a server that breaks is swapped, and the team is whole again`() throws {
    let yard = try Yard(4)
    try yard.want(7, "1:16")
    try yard.work()
    try yard.set(2, .down)
    #expect(try yard.look() == "7 1:16/8 up 24 down 8")
    try yard.want(7, "1:16")
    #expect(try yard.order() == "S01:1 S03:1")
    try yard.work()
    #expect(try yard.look() == "7 1:16/16 up 24 down 8")
    // Repaired, it is free, and nobody's servers move.
    try yard.set(2, .ready)
    try yard.want(8, "1:16 2:8")
    #expect(try yard.order() == "S01:1 S02:2 S03:1")
    try yard.work()
    #expect(try yard.look() == "8 1:16/16 2:8/8 up 32")
  }

  @Test func `a swap changes the list of servers, so the team confirms it again`() throws {
    let yard = try Yard(3)
    try yard.want(7, "1:16")
    try yard.work()
    let before = try yard.engine.observe(at: Instant(7_201)).allocations.map(\.assets)
    try yard.set(1, .down)
    try yard.want(7, "1:16")
    try yard.work()
    let after = try yard.engine.observe(at: Instant(7_202)).allocations.map(\.assets)
    #expect(before != after && after.allSatisfy { $0 != nil })
  }

  @Test func `what comes late and in parts is found in parts`() throws {
    let yard = try Yard(4)
    try yard.edit { list in
      for index in 1..<4 { list.servers[index].state = .preparing }
    }
    try yard.want(7, "1:24")
    #expect(try yard.order() == "S01:1 short 1:16")
    try yard.work()
    #expect(try yard.look() == "7 1:8/8 up 8 preparing 24")
    try yard.set(3, .ready)
    try yard.want(7, "1:24")
    #expect(try yard.order() == "S01:1 S03:1 short 1:8")
    try yard.work()
    #expect(try yard.look() == "7 1:16/16 up 16 preparing 16")
    try yard.set(2, .ready)
    try yard.want(7, "1:24")
    try yard.work()
    #expect(try yard.look() == "7 1:24/24 up 24 preparing 8")
  }

  @Test func `servers are asked for from the first day to the last, not before`() throws {
    let yard = try Yard(2)
    try yard.want(7, "1:16", from: 8_000, to: 9_000)
    #expect(try yard.order() == "")
    yard.clock = Instant(8_000)
    try yard.want(7, "1:16", from: 8_000, to: 9_000)
    #expect(try yard.order() == "S01:1 S02:1")
    yard.clock = Instant(9_000)
    try yard.want(7, "1:16", from: 8_000, to: 9_000)
    #expect(try yard.order() == "")
  }

  @Test func `an inventory that shrinks under an award shows what is missing`() throws {
    let yard = try Yard(3)
    try yard.want(7, "1:16")
    try yard.work()
    try yard.edit { $0.servers.removeAll { $0.serial == Yard.serial(2) } }
    #expect(try yard.look() == "7 1:8/8 up 16")
    try yard.edit { $0.servers.removeAll { $0.serial == Yard.serial(3) } }
    try yard.want(7, "1:16")
    #expect(try yard.order() == "S01:1 short 1:8")
    try yard.edit { $0.servers = [] }
    #expect(try yard.look() == "7")
    // The file itself gone: nothing is known, and nothing is made up.
    try FileManager.default.removeItem(atPath: yard.folder + "/inventory.json")
    #expect(throws: EngineFailure.self) { try yard.look() }
    #expect(throws: EngineFailure.self) { try yard.want(8, "1:16") }
  }

  @Test func `what is given back is wiped, certified, and only then free`() throws {
    let yard = try Yard(2)
    try yard.want(7, "1:16")
    try yard.work()
    try yard.want(9, "")
    #expect(try yard.look() == "9 1:16/16 up 16")
    try yard.work()
    #expect(try yard.look() == "9 1:0/0 preparing 16")
    // While it is wiped nobody else gets it.
    try yard.want(10, "2:8")
    #expect(try yard.order() == "short 2:8")
    try yard.work()
    #expect(try yard.look() == "10 up 16 wiped 1")
    try yard.want(10, "2:8")
    #expect(try yard.order() == "S01:2")
  }

  @Test func `each wipe of a team's servers has a certificate of its own`() throws {
    let yard = try Yard(3)
    try yard.want(7, "1:24")
    try yard.work()
    try yard.want(8, "1:16")
    try yard.work()
    #expect(try yard.look() == "8 1:16/16 up 16 preparing 8")
    try yard.work()
    #expect(try yard.look() == "8 1:16/16 up 24 wiped 1")
    try yard.want(9, "")
    for _ in 0..<2 { try yard.work() }
    let found = try yard.engine.observe(at: yard.clock)
    #expect(found.wiped.map(\.allocation) == [AllocationID(1), AllocationID(1)])
    #expect(Set(found.wiped.map(\.certificate)).count == 2)
  }

  @Test func `a suspended team keeps its servers, locked`() throws {
    let yard = try Yard(2)
    try yard.want(7, "1:16")
    try yard.work()
    try yard.want(8, "1:16!")
    try yard.work()
    #expect(try yard.look() == "8 1:16/0! up 16")
    try yard.want(9, "1:16")
    try yard.work()
    #expect(try yard.look() == "9 1:16/16 up 16")
  }

  @Test func `an older order never takes the place of a newer one`() throws {
    let yard = try Yard(2)
    try yard.want(9, "1:8")
    try yard.want(7, "1:16")
    #expect(try yard.order() == "S01:1")
    #expect(try yard.look() == "9 up 16")
  }

  @Test func `servers of several sizes are given whole or not at all`() throws {
    let yard = try Yard(2, gpus: 8)
    try yard.edit { list in
      list = Inventory(
        simulated: true,
        servers: list.servers + [
          Inventory.Server(serial: Yard.serial(3), gpus: 4, state: .ready, holder: nil)
        ])
    }
    try yard.want(7, "1:12 2:8")
    #expect(try yard.order() == "S01:1 S02:2 S03:1")
  }

  @Test func `another cluster's state is refused`() throws {
    let yard = try Yard(1)
    let other = DesiredState(cluster: ClusterID(2), generation: 1, allocations: [])
    #expect(throws: EngineFailure.self) { try yard.engine.apply(other, at: Instant(0)) }
  }

  @Test func `an order that is damaged is said to be, and nothing is lost but it`() throws {
    let yard = try Yard(1)
    try yard.want(7, "1:8")
    try Data("{".utf8).write(to: URL(fileURLWithPath: yard.folder + "/agent/order.json"))
    #expect(throws: EngineFailure.self) { try yard.look() }
    #expect(try !yard.work())
  }
}
