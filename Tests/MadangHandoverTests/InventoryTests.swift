import Foundation
import MadangEngines
import MadangProgramme
import Testing

struct InventoryTests {
  @Test func `an inventory is read, and written as it was read`() throws {
    let text = """
      {"simulated": true,
       "servers": [{"serial": "S2", "gpus": 4, "state": "down", "holder": null},
                   {"serial": "S1", "gpus": 8, "state": "ready", "holder": "allocation-3"}],
       "wiped": [{"allocation": "allocation-1", "certificate": "c"}]}
      """
    let list = try Inventory(json: Data(text.utf8))
    #expect(list.simulated)
    #expect(list.servers.map(\.serial.value) == ["S1", "S2"])
    #expect(list.servers.map(\.holder) == [AllocationID(3), nil])
    #expect(list.wiped.map(\.allocation) == [AllocationID(1)])
    #expect(try Inventory(json: list.json) == list)
  }

  @Test func `what is no inventory is named, never guessed`() {
    func servers(_ rows: String) -> String { "{\"servers\": [\(rows)]}" }
    func server(_ serial: String, _ gpus: String = "8", _ more: String = "") -> String {
      "{\"serial\": \(serial), \"gpus\": \(gpus), \"state\": \"ready\"\(more)}"
    }
    let broken = [
      "", "null", "[]", "{}", "{\"servers\": {}}", "{\"servers\": [1]}", "\u{0}", "{\"servers\": [",
      servers("{}"), servers("{\"serial\": \"S\", \"gpus\": 8}"),
      servers("{\"serial\": \"S\", \"gpus\": 8, \"state\": \"lost\"}"),
      servers(server("\"\"")), servers(server("7")), servers(server("\"S\\n1\"")),
      servers(server("\"S\\u0000\"")), servers(server("\"\\u202EGPJ\"")),
      servers(server("\"\(String(repeating: "S", count: 201))\"")),
      servers(server("\"S\"", "0")), servers(server("\"S\"", "-8")),
      servers(server("\"S\"", "1025")), servers(server("\"S\"", "8.5")),
      servers(server("\"S\"", "1e400")), servers(server("\"S\"", "99999999999999999999")),
      servers(server("\"S\"", "\"8\"")),
      servers(server("\"S\"") + "," + server("\"S\"")),
      // The same letter, once in one piece and once in two.
      servers(server("\"\\u00e9\"") + "," + server("\"e\\u0301\"")),
      servers(server("\"S\"", "8", ", \"holder\": \"award-1\"")),
      servers(server("\"S\"", "8", ", \"holder\": \"allocation-0\"")),
      servers(server("\"S\"", "8", ", \"holder\": \"allocation-01\"")),
      servers(server("\"S\"", "8", ", \"holder\": \"allocation-99999999999999999999\"")),
      servers(server("\"S\"", "8", ", \"holder\": 3")),
      "{\"servers\": [], \"wiped\": [{\"allocation\": \"allocation-1\"}]}",
      "{\"servers\": [], \"wiped\": [{\"allocation\": \"x\", \"certificate\": \"c\"}]}",
      String(repeating: "[", count: 100_000),
      "{\"servers\": " + String(repeating: "[", count: 100_000),
    ]
    for text in broken {
      #expect(throws: EngineFailure.self, "\(text.prefix(80))") {
        try Inventory(json: Data(text.utf8))
      }
    }
    #expect(throws: EngineFailure.self) { try Inventory(json: Data([0x7B, 0xFF, 0x7D])) }
  }

  @Test func `a fault says where it is, in a line that ends`() {
    let rows = (0..<20).map { "{\"serial\": \"S\($0)\", \"gpus\": 8, \"state\": \"ready\"}" }
    let text = "{\"servers\": [\(rows.joined(separator: ",")), {\"serial\": \"T\"}]}"
    do throws(EngineFailure) {
      _ = try Inventory(json: Data(text.utf8))
      Issue.record("it was read")
    } catch {
      #expect("\(error)".contains("gpus") && "\(error)".contains("20"), "\(error)")
    }
    let long = "{\"servers\": [{\"serial\": \"\(String(repeating: "S", count: 1 << 20))\", "
    do throws(EngineFailure) {
      _ = try Inventory(json: Data((long + "\"gpus\": 8, \"state\": \"ready\"}]}").utf8))
      Issue.record("it was read")
    } catch {
      #expect("\(error)".count < 200)
    }
  }

  @Test func `a file that has no end is not read to its end`() throws {
    let yard = try Yard(1)
    for path in ["/dev/zero", yard.folder] {
      let engine = try engine(yard, .file(path: path))
      #expect(throws: EngineFailure.self) { try engine.observe(at: Instant(0)) }
    }
    let large = yard.folder + "/large.json"
    #expect(FileManager.default.createFile(atPath: large, contents: nil))
    // Sparse: it has a length, and takes no disk.
    #expect(truncate(large, 64 << 30) == 0)
    let engine = try engine(yard, .file(path: large))
    #expect(throws: EngineFailure.self) { try engine.observe(at: Instant(0)) }
  }

  @Test func `many servers are read in one go, and the order over them takes no longer`() throws {
    let servers = (0..<40_000).map { number in
      Inventory.Server(
        serial: Yard.serial(number), gpus: 8, state: .ready,
        holder: number % 2 == 0 ? AllocationID(1 + number % 100) : nil)
    }
    let list = Inventory(simulated: true, servers: servers)
    #expect(try Inventory(json: list.json) == list)
  }

  private func engine(_ yard: Yard, _ source: InventorySource) throws -> HandoverEngine {
    try HandoverEngine(
      cluster: Yard.cluster, model: DeviceModelID(1), inventory: source,
      folder: yard.folder + "/other", digest: Yard.digest)
  }
}
