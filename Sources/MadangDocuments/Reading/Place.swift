/// Where in a programme's folder something stands.
struct Place: Hashable, Sendable {
  let file: String
  /// From 1.
  let line: Int
  /// From 1; nothing for a file as a whole.
  let column: Int?

  /// A file as a whole.
  init(file: String) {
    self.file = file
    line = 1
    column = nil
  }

  init(file: String, line: Int, column: Int?) {
    self.file = file
    self.line = line
    self.column = column
  }
}

/// Something read, with where it stood.
struct Placed<Value: Sendable>: Sendable {
  let value: Value
  let place: Place
}
