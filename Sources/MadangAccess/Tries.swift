import MadangProgramme

/// How often somebody may be wrong: a pure table of who was, and until when that counts.
///
/// A try counts from its beginning, so that tries side by side are seen by one another, and is
/// given back where the password was right. What is refused does not count again, so that waiting
/// helps. It lives in memory: a restart forgets it.
struct Tries {
  /// Whose tries are counted together.
  enum Key: Hashable {
    /// One guesser at one name.
    case pair(name: String, address: String)
    /// Many addresses at one name.
    case name(String)
    /// One address at many names; an office behind one address is many people.
    case address(String)

    /// Wrong tries that a window takes.
    var limit: Int {
      switch self {
      case .pair: 10
      case .name: 50
      case .address: 100
      }
    }
  }

  private struct Window {
    var count: Int
    let end: Instant
  }

  /// How long a window lasts from its first wrong try: ten guesses in five minutes are 2,880 a day.
  static let windowSeconds: Int64 = 300
  /// Beyond so many keys those whose windows end first are forgotten. A try adds three and costs
  /// 0.1 s of a core: seven cores are busy for a whole window before that happens.
  static let keysMax = 60_000

  private var windows: [Key: Window] = [:]
  /// Windows as they began; all are as long, so they end in this order. Those before `first` are
  /// gone, and some of the others were forgiven.
  private var line: [(key: Key, end: Instant)] = []
  private var first = 0

  var count: Int { windows.count }

  /// Seconds to wait before the next try, or nothing where it may begin.
  func wait(name: String, address: String, at: Instant) -> Int? {
    var seconds: Int64 = 0
    for key in Tries.keys(name, address) {
      guard let window = windows[key], isOpen(window, at), window.count >= key.limit else {
        continue
      }
      seconds = max(seconds, window.end.seconds - at.seconds)
    }
    return seconds == 0 ? nil : Int(seconds)
  }

  /// Begins a try: seconds to wait, or nothing and it counts.
  mutating func begin(name: String, address: String, at: Instant) -> Int? {
    if let seconds = wait(name: name, address: address, at: at) { return seconds }
    for key in Tries.keys(name, address) {
      if var window = windows[key], isOpen(window, at) {
        window.count += 1
        windows[key] = window
      } else {
        makeRoom(at: at)
        let end = Instant(at.seconds + Tries.windowSeconds)
        windows[key] = Window(count: 1, end: end)
        line.append((key: key, end: end))
      }
    }
    return nil
  }

  /// The password was right: this try does not count, and this guesser's earlier ones are forgiven.
  mutating func forgive(name: String, address: String) {
    for key in Tries.keys(name, address) {
      if case .pair = key {
        windows[key] = nil
      } else if let count = windows[key]?.count {
        windows[key]?.count = max(0, count - 1)
      }
    }
  }

  /// One that ends later than any can began by a clock that has been put back since.
  private func isOpen(_ window: Window, _ at: Instant) -> Bool {
    window.end > at && window.end.seconds <= at.seconds + Tries.windowSeconds
  }

  private static func keys(_ name: String, _ address: String) -> [Key] {
    [.pair(name: name, address: address), .name(name), .address(address)]
  }

  /// Drops windows that are over, and the oldest where there are too many. O(1), amortised.
  private mutating func makeRoom(at: Instant) {
    while first < line.count, line[first].end <= at || windows.count >= Tries.keysMax {
      let (key, end) = line[first]
      if windows[key]?.end == end { windows[key] = nil }
      first += 1
    }
    if first > line.count / 2 {
      line.removeFirst(first)
      first = 0
    }
  }
}
