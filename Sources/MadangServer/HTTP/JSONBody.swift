import Foundation
import MadangViews

/// A request's body as JSON of whole numbers.
enum JSONBody {
  static func json(_ body: [UInt8]) throws(HTTPRefusal) -> JSON {
    do {
      return try JSONDecoder().decode(JSONText.self, from: Data(body)).json
    } catch {
      throw .unreadable
    }
  }
}

/// JSON of whole numbers, as it comes in.
private struct JSONText: Decodable {
  let json: JSON

  init(from decoder: any Decoder) throws {
    if let keyed = try? decoder.container(keyedBy: Key.self) {
      // In the order of their names: the order of a body's fields means nothing.
      json = .object(
        try keyed.allKeys.sorted { $0.stringValue < $1.stringValue }.map { key in
          (key.stringValue, try keyed.decode(JSONText.self, forKey: key).json)
        })
    } else if var list = try? decoder.unkeyedContainer() {
      var items: [JSON] = []
      while !list.isAtEnd { items.append(try list.decode(JSONText.self).json) }
      json = .array(items)
    } else {
      json = try JSONText.single(try decoder.singleValueContainer())
    }
  }

  // Each try? asks whether the value is of a kind; the last one throws.
  private static func single(_ value: any SingleValueDecodingContainer) throws -> JSON {
    if value.decodeNil() { return .null }
    if let flag = try? value.decode(Bool.self) { return .bool(flag) }
    if let number = try? value.decode(Int64.self) { return .int(number) }
    return .text(try value.decode(String.self))
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
