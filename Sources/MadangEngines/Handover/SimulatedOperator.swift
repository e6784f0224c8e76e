import Foundation
internal import MadangProgramme

/// An operator that does what its work orders say, at once or a part a step: for samples and tests,
/// whose inventories say `simulated`. A real operator is people and their own tools.
public struct SimulatedOperator: Sendable {
  private let inventory: String
  private let folder: String

  /// The inventory's file, and the folder in which the hand-over engine leaves its order.
  public init(inventory: String, orders folder: String) {
    self.inventory = inventory
    self.folder = folder
  }

  /// Carries out the newest order, and answers whether the inventory changed. What is taken back is
  /// wiped in one step and certified in the next.
  public func work() throws(EngineFailure) -> Bool {
    var list = try InventorySource.file(path: inventory).read()
    guard list.simulated else {
      throw .forbidden(reason: "\(inventory) is no simulated inventory")
    }
    let before = list
    let folder = try EngineFolder(self.folder)
    guard let bytes = try folder.bytes(of: HandoverEngine.orderFile),
      // An order that cannot be read is no order; the engine's next one can.
      let order = try? CanonicalReader.value(WorkOrder.self, from: bytes)
    else { return false }
    var wiped: [AllocationID] = []
    for index in list.servers.indices {
      let server = list.servers[index]
      let asked = order.servers.first { $0.serial == server.serial }
      switch (server.holder, asked) {
      case (nil, let asked?) where server.state == .ready:
        list.servers[index].holder = asked.allocation
        list.servers[index].state = asked.suspended ? .suspended : .ready
      case (let holder?, let asked?) where holder == asked.allocation:
        guard server.state == .ready || server.state == .suspended else { continue }
        list.servers[index].state = asked.suspended ? .suspended : .ready
      case (let holder?, _) where server.state == .wiping:
        list.servers[index].holder = nil
        list.servers[index].state = .ready
        if !wiped.contains(holder) { wiped.append(holder) }
      // Broken, and replaced by another: it leaves the team, and stays out until it is repaired.
      case (_?, nil) where server.state == .down: list.servers[index].holder = nil
      case (_?, nil): list.servers[index].state = .wiping
      default: continue
      }
    }
    for holder in wiped {
      // One for each wipe: an earlier one certifies nothing of this one.
      let number = list.wiped.count { $0.allocation == holder } + 1
      let certificate = "simulated certificate \(number): \(holder), wiped by overwriting"
      list.wiped.append(Inventory.Wiped(allocation: holder, certificate: certificate))
    }
    guard list != before else { return false }
    let target = try EngineFolder((inventory as NSString).deletingLastPathComponent)
    try target.write([UInt8](list.json), to: (inventory as NSString).lastPathComponent)
    return true
  }
}
