public import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Where an operator publishes its inventory.
public enum InventorySource: Hashable, Sendable {
  case file(path: String)
  /// Read by GET; anything but a 200 is no inventory.
  case address(URL)

  /// Seconds that an address has to answer.
  static let timeoutSeconds = 10

  func read() throws(EngineFailure) -> Inventory {
    switch self {
    case .file(let path):
      do {
        return try Inventory(json: try Data(contentsOf: URL(fileURLWithPath: path)))
      } catch let failure as EngineFailure {
        throw failure
      } catch {
        throw .unreachable(reason: "\(path) cannot be read")
      }
    case .address(let url): return try InventorySource.fetched(url)
    }
  }

  private static func fetched(_ url: URL) throws(EngineFailure) -> Inventory {
    var request = URLRequest(url: url)
    request.timeoutInterval = TimeInterval(timeoutSeconds)
    let answer = Mutex<(data: Data?, status: Int?)>((nil, nil))
    let done = DispatchSemaphore(value: 0)
    let task = URLSession.shared.dataTask(with: request) { data, response, _ in
      answer.withLock { $0 = (data, (response as? HTTPURLResponse)?.statusCode) }
      done.signal()
    }
    task.resume()
    guard done.wait(timeout: .now() + .seconds(timeoutSeconds + 1)) == .success else {
      task.cancel()
      throw .unreachable(reason: "\(url.host ?? "the operator") does not answer")
    }
    let (data, status) = answer.withLock { $0 }
    guard let data, status == 200 else {
      throw .unreachable(
        reason: "\(url.host ?? "the operator") answers \(status.map { "\($0)" } ?? "nothing")")
    }
    return try Inventory(json: data)
  }
}
