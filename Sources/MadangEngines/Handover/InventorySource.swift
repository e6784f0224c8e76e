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
      return try Inventory(json: try InventorySource.bytes(path))
    case .address(let url): return try InventorySource.fetched(url)
    }
  }

  /// The bytes of a plain file, which may not be larger than an inventory: a device or a pipe has
  /// no end.
  private static func bytes(_ path: String) throws(EngineFailure) -> Data {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let file = FileHandle(forReadingAtPath: path)
    else { throw .unreachable(reason: "\(path) cannot be read") }
    guard status.st_size <= Inventory.bytesMax else {
      throw .damaged(reason: "\(path) has \(status.st_size) bytes")
    }
    do {
      // One more than there may be: a file that grew meanwhile is refused as well.
      return try file.read(upToCount: Inventory.bytesMax + 1) ?? Data()
    } catch {
      throw .unreachable(reason: "\(path) cannot be read")
    }
  }

  private static func fetched(_ url: URL) throws(EngineFailure) -> Inventory {
    let host = url.host ?? "the operator"
    let fetch = Fetch()
    let session = URLSession(configuration: .ephemeral, delegate: fetch, delegateQueue: nil)
    defer { session.invalidateAndCancel() }
    var request = URLRequest(url: url)
    request.timeoutInterval = TimeInterval(timeoutSeconds)
    session.dataTask(with: request).resume()
    // The request's own time begins anew with every byte; this one does not.
    guard fetch.done.wait(timeout: .now() + .seconds(timeoutSeconds + 1)) == .success else {
      throw .unreachable(reason: "\(host) does not answer")
    }
    let answer = fetch.answer.withLock { $0 }
    guard answer.data.count <= Inventory.bytesMax else {
      throw .damaged(reason: "\(host) sends more than \(Inventory.bytesMax) bytes")
    }
    guard answer.isWhole, answer.status == 200 else {
      throw .unreachable(
        reason: "\(host) answers \(answer.status.map { "\($0)" } ?? "nothing")")
    }
    return try Inventory(json: answer.data)
  }
}

/// One GET: no more is kept than an inventory may have, and nothing is followed elsewhere.
private final class Fetch: NSObject, URLSessionDataDelegate {
  struct Answer: Sendable {
    var status: Int?
    var data = Data()
    var isWhole = false
  }

  let answer = Mutex(Answer())
  let done = DispatchSemaphore(value: 0)

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let status = (response as? HTTPURLResponse)?.statusCode
    answer.withLock { $0.status = status }
    completionHandler(status == 200 ? .allow : .cancel)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    let isTooLarge = answer.withLock { answer in
      answer.data.append(data)
      return answer.data.count > Inventory.bytesMax
    }
    if isTooLarge { dataTask.cancel() }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection: HTTPURLResponse,
    newRequest: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    answer.withLock { $0.isWhole = error == nil }
    done.signal()
  }
}
