import Foundation
import MadangAgent
import MadangEngines
import MadangJournal
import MadangProgramme

/// What a data folder keeps of a cluster that the office's own process runs.
///
/// ```
/// clusters/NAME/agent.key        the embedded agent's key, for its owner's eyes only
/// clusters/NAME/policy           how far it may go; without one it may apply
/// clusters/NAME/inventory.json   a hand-over's inventory, or inventory.url: where it is
/// clusters/NAME/engine/          what the engine keeps
/// ```
struct ClusterFolder {
  let path: String

  init(data: String, _ slug: Slug) throws(YardFailure) {
    path = "\(data)/clusters/\(slug)"
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw .engine(.forbidden(reason: "\(path) cannot be made"))
    }
  }

  var engine: String { path + "/engine" }
  var inventory: String { path + "/inventory.json" }

  /// How far the embedded agent may go at a moment.
  func mode(at: Instant) throws(YardFailure) -> AgentMode {
    let file = path + "/policy"
    let paused = AgentPolicy.isPaused(beside: file)
    guard FileManager.default.fileExists(atPath: file) else {
      return AgentPolicy(mode: .apply).mode(at: at, paused: paused)
    }
    do throws(AgentPolicy.Fault) {
      return try AgentPolicy(path: file, trusted: true).mode(at: at, paused: paused)
    } catch {
      throw .engine(.damaged(reason: "\(file) is no policy: \(error)"))
    }
  }

  /// The public half of the key that the embedded agent signs with, made where there is none.
  func publicKey(_ cryptography: any Cryptography) throws(YardFailure) -> Text {
    if !hasKey { try makeKey(cryptography) }
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: keyFile))
      let key = try cryptography.signingKey(privateBytes: [UInt8](data))
      return try Text(Hexadecimal.text(key.publicBytes))
    } catch {
      throw .engine(.damaged(reason: "\(keyFile): \(error)"))
    }
  }

  /// Makes a new key, in the place of an old one too: whole, or not at all.
  func makeKey(_ cryptography: any Cryptography) throws(YardFailure) {
    do {
      let key = try cryptography.makeSigningKey()
      let new = keyFile + ".new"
      guard
        FileManager.default.createFile(
          atPath: new, contents: Data(key.privateBytes), attributes: [.posixPermissions: 0o600]),
        rename(new, keyFile) == 0
      else { throw CryptographyError.libraryFailed(operation: "keeping \(keyFile)") }
    } catch {
      throw .engine(.damaged(reason: "\(keyFile): \(error)"))
    }
  }

  var hasKey: Bool { FileManager.default.fileExists(atPath: keyFile) }

  private var keyFile: String { path + "/agent.key" }

  /// Where the operator's inventory is. A simulated one is made where there is none: so many
  /// servers, all of them free.
  func source(_ cluster: Cluster, simulated: Bool) throws(YardFailure) -> InventorySource? {
    let address = path + "/inventory.url"
    if let data = FileManager.default.contents(atPath: address) {
      let text = String(decoding: data, as: UTF8.self).trimmingCharacters(
        in: .whitespacesAndNewlines)
      guard let url = URL(string: text), ["http", "https"].contains(url.scheme ?? "") else {
        throw .engine(.damaged(reason: "\(address) holds no address"))
      }
      return .address(url)
    }
    if !FileManager.default.fileExists(atPath: inventory) {
      guard simulated else { return nil }
      try makeSimulated(cluster)
    }
    return .file(path: inventory)
  }

  private func makeSimulated(_ cluster: Cluster) throws(YardFailure) {
    let gpus = cluster.gpus.value / max(1, cluster.servers)
    var servers: [Inventory.Server] = []
    for number in 1...cluster.servers {
      let digits = String(number)
      let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      guard let serial = try? Text("sim-\(cluster.slug)-\(padded)") else { continue }
      servers.append(
        Inventory.Server(serial: serial, gpus: max(1, gpus), state: .ready, holder: nil))
    }
    let data = Inventory(simulated: true, servers: servers).json
    guard FileManager.default.createFile(atPath: inventory, contents: data) else {
      throw .engine(.forbidden(reason: "\(inventory) cannot be written"))
    }
  }
}
