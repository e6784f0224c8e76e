public import Foundation
public import MadangProgramme

/// An operator's own list of its servers, as it publishes it: a file, or an address.
///
/// ```json
/// {"simulated": true,
///  "servers": [{"serial": "H200-0001", "gpus": 8, "state": "ready", "holder": "allocation-3"}],
///  "wiped": [{"allocation": "allocation-1", "certificate": "…"}]}
/// ```
/// The operator writes it and Madang reads it: that a server is a team's, is the operator's word.
public struct Inventory: Hashable, Sendable {
  public enum State: String, Hashable, Sendable, CaseIterable, Codable {
    case ready, preparing, down, maintenance
    /// Given back, not yet wiped.
    case wiping
    /// Held, and locked by the operator.
    case suspended
  }

  public struct Server: Hashable, Sendable {
    public let serial: Text
    public let gpus: Int64
    public var state: State
    public var holder: AllocationID?

    public init(serial: Text, gpus: Int64, state: State, holder: AllocationID?) {
      self.serial = serial
      self.gpus = gpus
      self.state = state
      self.holder = holder
    }
  }

  public struct Wiped: Hashable, Sendable {
    public let allocation: AllocationID
    public let certificate: String

    public init(allocation: AllocationID, certificate: String) {
      self.allocation = allocation
      self.certificate = certificate
    }
  }

  public let simulated: Bool
  /// In ascending order of serial.
  public var servers: [Server]
  public var wiped: [Wiped]

  public init(simulated: Bool, servers: [Server], wiped: [Wiped] = []) {
    self.simulated = simulated
    self.servers = servers.sorted { $0.serial.value < $1.serial.value }
    self.wiped = wiped
  }

  /// The largest file that is read: a hundred bytes for each of a quarter of a million servers.
  static let bytesMax = 32 << 20
}

// MARK: - JSON

extension Inventory {
  private struct Document: Codable {
    var simulated: Bool?
    var servers: [Row]
    var wiped: [WipedRow]?
  }

  private struct Row: Codable {
    var serial: String
    var gpus: Int64
    var state: State
    var holder: String?
  }

  private struct WipedRow: Codable {
    var allocation: String
    var certificate: String
  }

  /// Reads the operator's JSON; the reason where it is none.
  public init(json data: Data) throws(EngineFailure) {
    guard data.count <= Inventory.bytesMax else {
      throw .damaged(reason: "the inventory has \(data.count) bytes")
    }
    let document: Document
    do {
      document = try JSONDecoder().decode(Document.self, from: data)
    } catch {
      throw .damaged(reason: "the inventory cannot be read: \(Inventory.reason(error))")
    }
    var servers: [Server] = []
    var serials: Set<String> = []
    for row in document.servers {
      let composed = row.serial.precomposedStringWithCanonicalMapping
      // A fault of the text is no serial; which fault, the operator sees by looking at it.
      guard let serial = try? Text(composed, limit: Limits.labelScalarsMax),
        serials.insert(composed).inserted
      else {
        throw .damaged(reason: "the serial ‘\(row.serial.prefix(40))’ stands twice or is none")
      }
      guard (1...1_024).contains(row.gpus) else {
        throw .damaged(reason: "\(row.serial.prefix(40)) has \(row.gpus) GPUs")
      }
      let holder = try row.holder.map { (text) throws(EngineFailure) in
        try Inventory.allocation(text)
      }
      servers.append(Server(serial: serial, gpus: row.gpus, state: row.state, holder: holder))
    }
    var wiped: [Wiped] = []
    for row in document.wiped ?? [] {
      wiped.append(
        Wiped(
          allocation: try Inventory.allocation(row.allocation), certificate: row.certificate))
    }
    self.init(simulated: document.simulated ?? false, servers: servers, wiped: wiped)
  }

  private static func allocation(_ text: String) throws(EngineFailure) -> AllocationID {
    guard let id = AllocationID(text) else {
      throw .damaged(reason: "‘\(text.prefix(40))’ names no allocation")
    }
    return id
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case DecodingError.keyNotFound(let key, let context):
      "no ‘\(key.stringValue)’ at \(path(context))"
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
      DecodingError.dataCorrupted(let context):
      "\(context.debugDescription) at \(path(context))"
    default: "\(error)"
    }
  }

  private static func path(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return path.isEmpty ? "the top" : path.joined(separator: ".")
  }

  /// The same JSON, a server a line.
  public var json: Data {
    let document = Document(
      simulated: simulated,
      servers: servers.map {
        Row(
          serial: $0.serial.value, gpus: $0.gpus, state: $0.state,
          holder: $0.holder.map { "\($0)" })
      },
      wiped: wiped.map {
        WipedRow(allocation: "\($0.allocation)", certificate: $0.certificate)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    // Strings and integers alone: there is nothing that JSON could not hold.
    return (try? encoder.encode(document)) ?? Data()
  }
}
