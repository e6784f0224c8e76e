import Foundation
import MadangCrypto
import MadangJournal
import MadangProgramme
import MadangServer
import Testing

/// The office's own work at its embedded clusters.
@Suite(.serialized) struct EmbeddedClusterTests {
  @Test(arguments: [nil, 8] as [Int64?])
  func `the operator's share is in its own account`(share: Int64?) throws {
    let test = try TestYard(
      Office.Setting(engine: TestYard.local, otherEngine: nil, operatorShare: share))
    try test.begin()
    // Nothing is unseen for longer than a cluster counts as observed.
    for _ in 0..<20 { try test.pass(600) }
    let accounts = test.yard.journal.programme.accounts(of: Office.cluster)
    let month = try #require(accounts.months.first)
    #expect(accounts.months.count == 1 && month.hours >= 2)
    #expect(month.capacity == GPUSeconds(32 * 3_600 * month.hours))
    let kept = month[.operatorShare].count
    // 16 of 32 are the award's; of the rest the operator keeps eight, while anybody looked.
    #expect(share == nil ? kept == 0 : kept >= 8 * 3_600 && kept == month[.unallocated].count)
    #expect(Account.allCases.reduce(0) { $0 + month[$1].count } == month.capacity.count)
    try test.close()
  }

  @Test func `a budget that cannot be made what it should be is said to be so, and work goes on`()
    throws
  {
    let test = try TestYard(
      Office.Setting(engine: TestYard.local, limit: .budget(GPUSeconds(36_000))))
    try test.begin()
    #expect(test.yard.troubles.isEmpty)
    let event = test.yard.journal.programme.allocations[Office.allocation].generation
    // Somebody wrote into the operations: what no event of the journal says.
    let stray = try test.yard.operations.grant(
      GPUSeconds(7), to: Office.allocation, event: event + 1_000, at: test.yard.now)
    #expect(stray == .done)
    try test.yard.settle()
    let trouble = try #require(test.yard.troubles[Office.cluster])
    #expect(
      trouble.contains("the budget of allocation-1: 36007 GPU s granted, 36000 GPU s due"),
      "\(trouble)")
    let job = try test.submit("exit 0")
    #expect(try test.ended(job).ending == "exited")
    // Taken back, all is well again.
    _ = try test.yard.operations.grant(
      GPUSeconds(-7), to: Office.allocation, event: event + 1_001, at: test.yard.now)
    try test.yard.settle()
    #expect(test.yard.troubles.isEmpty, "\(test.yard.troubles)")
    try test.close()
  }

  /// Nobody ended it: its cluster's engine cannot be opened, say.
  @Test func `what was held for a job is free again when its time is over`() throws {
    let test = try TestYard(
      Office.Setting(engine: TestYard.local, limit: .budget(GPUSeconds(36_000))))
    try test.begin()
    let key = EngineJob(high: 5, low: 5)
    let hold = Hold(
      key: key, allocation: Office.allocation, amount: GPUSeconds(30_000),
      expires: Instant(test.yard.now.seconds + 600))
    #expect(try test.yard.operations.hold([hold], at: test.yard.now) == [.done])
    func left() throws -> Int64? {
      try test.yard.operations.balance(of: Office.allocation)?.left.count
    }
    try test.pass(500)
    #expect(try left() == 6_000)
    try test.pass(200)
    #expect(try left() == 36_000)
    #expect(try test.yard.operations.hold(key)?.state == .expired)
    try test.yard.operations.checkInvariants()
    try test.close()
  }

  @Test func `where an allocation has gone its jobs go, but not one that began`() throws {
    let test = try TestYard(Office.Setting(engine: TestYard.local, otherEngine: TestYard.local))
    try test.begin()
    let running = try test.submit("echo begun >> witness; exec sleep 600", gpus: 16)
    let waiting = try test.submit("echo next >> witness", gpus: 16)
    try test.until("the first to run") {
      try test.task(running).state == .running && test.lines("witness") == 1
    }
    try test.amend(.transfer(Office.allocation, to: Office.other))
    #expect(try test.ended(running).ending == "allocationOver")
    #expect(try test.ended(waiting).ending == "exited")
    // Each began once, the second where the allocation is now.
    #expect(test.lines("witness") == 2)
    let metered = try FileManager.default.contentsOfDirectory(
      atPath: "\(test.folder.path)/clusters")
    #expect(metered.sorted() == ["one", "two"])
    try test.close()
  }

  @Test func `an award that ends ends its jobs, and starts none`() throws {
    let test = try TestYard(Office.Setting(engine: TestYard.local))
    try test.begin()
    let running = try test.submit("echo begun >> witness; exec sleep 600", gpus: 16)
    let waiting = try test.submit("echo next >> witness")
    try test.until("the first to run") { test.lines("witness") == 1 }
    try test.amend(.end)
    #expect(try test.ended(running).ending == "allocationOver")
    for _ in 0..<5 { try test.yard.settle() }
    let task = try test.task(waiting)
    #expect(test.lines("witness") == 1)
    #expect(
      task.state == .ended, "\(task.state) \(String(decoding: task.reason ?? [], as: UTF8.self))")
    try test.close()
  }

  @Test func `an inventory that shrinks under an award is seen, and nobody gets what is not there`()
    throws
  {
    let test = try TestYard(
      Office.Setting(engine: ClusterEngine(kind: .handover, simulated: true)))
    try test.begin()
    var programme: Programme { test.yard.journal.programme }
    func row() -> Allocation { programme.allocations[Office.allocation] }
    let found = try #require(try test.yard.operations.observed(Office.cluster))
    let assets = try #require(found.allocations.first?.assets)
    let member = Office.person(20)
    try test.give(.addMember(AwardID(1), member))
    try test.give(.confirmHandover(Office.allocation, assets: assets), by: member)
    try test.yard.settle()
    #expect(row().drift == nil && row().enforcedGeneration == row().generation)
    // Three of four servers go, one of them the team's; none is left to take its place.
    try test.shrink(to: 1)
    try test.pass(60)
    #expect(row().drift == .otherLimit && row().missingGPUs == 8)
    #expect(try test.yard.operations.observed(Office.cluster)?.devices.up == 8)
    // Another part of the award is refused as ever, and the rest is not given to anybody.
    #expect(
      throws: SubmissionRefusal.programme(
        .allocations(.moreGPUsThanAward(AwardID(1), day: Day("2026-03-01")!, over: 8)))
    ) {
      try test.give(.allocate(AwardID(1), Office.cluster, .reserved(gpus: 8)))
    }
    // The team has its servers back when they are there again; the outage was counted.
    try test.pass(3_600)
    try test.shrink(to: 4)
    try test.pass(60)
    #expect(row().drift == nil)
    #expect(row().outage >= GPUSeconds(8 * 3_600))
    try test.close()
  }

  /// Found by review: the office never started again.
  @Test func `a cluster whose own agent was revoked has another from the next start on`() throws {
    let folder = try TestFolder()
    var test = try TestYard(
      folder, Office(Office.Setting(engine: TestYard.local, otherEngine: nil)))
    try test.begin()
    try test.give(.revokeAgent(AgentID(1)))
    try test.yard.settle()
    #expect(test.yard.troubles[Office.cluster]?.contains("MDG-1703") == true)
    try test.close()
    for _ in 0..<2 {
      test = try TestYard(folder)
      try test.yard.settle()
      #expect(test.yard.troubles.isEmpty, "\(test.yard.troubles)")
      let programme = test.yard.journal.programme
      #expect(programme.bindings.row(Office.cluster)?.agent == AgentID(2))
      #expect(programme.agents.count == 2 && programme.agents[AgentID(1)].revoked)
      try test.close()
    }
  }

  /// It took the other's number: that one heard for good that another has the cluster.
  @Test func `a hand-over that an agent elsewhere speaks for is left to it, also after a restart`()
    throws
  {
    let folder = try TestFolder()
    let office = try Office(
      Office.Setting(engine: ClusterEngine(kind: .handover, simulated: true)))
    let first = try TestYard(folder, office)
    try first.begin()
    let own = try #require(first.yard.journal.programme.bindings.row(Office.cluster)?.agent)
    try first.give(.revokeAgent(own))
    let key = try Ed25519Cryptography().makeSigningKey()
    try first.give(
      .enrolAgent(
        Office.cluster, algorithm: Office.slug("ed25519"),
        key: Office.text(Hexadecimal.text(key.publicBytes))))
    let other = try #require(first.yard.journal.programme.bindings.row(Office.cluster)?.agent)
    #expect(other != own)
    try first.close()
    let second = try TestYard(folder)
    try second.yard.settle()
    try second.pass(60)
    #expect(try second.yard.operations.lease(of: other).instance == nil)
    #expect(second.yard.troubles.isEmpty, "\(second.yard.troubles)")
    try second.close()
  }
}

extension TestYard {
  /// The operator's inventory has so many servers; those that come back are free.
  fileprivate func shrink(to servers: Int) throws {
    let path = URL(filePath: "\(folder.path)/clusters/one/inventory.json")
    var text = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: path)) as? [String: Any])
    var rows = try #require(text["servers"] as? [[String: Any]])
    rows = Array(rows.prefix(servers))
    while rows.count < servers {
      rows.append(["serial": "sim-one-000\(rows.count + 1)", "gpus": 8, "state": "ready"])
    }
    text["servers"] = rows
    try JSONSerialization.data(withJSONObject: text).write(to: path)
  }
}
