import Hummingbird
import MadangProgramme
import Synchronization

/// Pages as a stranger sees them, kept until the next event.
final class PageCache: Sendable {
  struct Key: Hashable, Sendable {
    let events: Int64
    let language: Language
    let address: String
  }

  /// Pages kept at once; the next empties all.
  private static let countMax = 256

  private struct Kept {
    var events: Int64 = -1
    var pages: [Key: ByteBuffer] = [:]
  }

  private let kept = Mutex(Kept())

  /// As it is sent: nothing is copied for it again.
  subscript(key: Key) -> ByteBuffer? {
    get { kept.withLock { $0.pages[key] } }
    set {
      kept.withLock { kept in
        if kept.events != key.events || kept.pages.count >= PageCache.countMax {
          kept.pages.removeAll(keepingCapacity: true)
          kept.events = key.events
        }
        kept.pages[key] = newValue
      }
    }
  }
}
