import Foundation
import MadangViews

extension JSON {
  /// One spelling: keys ascending, no blanks. What a digest is taken of.
  var canonical: String {
    switch self {
    case .null, .bool, .int, .milli, .text: return pretty
    case .array(let values): return "[" + values.map(\.canonical).joined(separator: ",") + "]"
    case .object(let pairs):
      let sorted = pairs.sorted { $0.0 < $1.0 }
      return "{"
        + sorted.map { JSON.text($0.0).pretty + ":" + $0.1.canonical }.joined(separator: ",")
        + "}"
    }
  }
}
