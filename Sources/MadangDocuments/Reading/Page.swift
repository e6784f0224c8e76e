internal import MadangProgramme
internal import Yams

/// One YAML file, read into a tree of nodes that know their lines.
struct Page {
  let file: String
  let reading: Reading
  /// Keys that stood twice in one mapping, by what stands for their first occurrence in the tree.
  let repeatedKeys: [String: String]
  let root: Node

  /// The file's root mapping or list, with nothing in it that this reader refuses.
  init?(file: String, bytes: [UInt8], reading: Reading) {
    guard let text = SourceText(bytes: bytes, file: file, reading: reading) else { return nil }
    let parser = PageParser(file: file, reading: reading)
    guard let root = parser.root(of: text) else { return nil }
    self.file = file
    self.reading = reading
    self.root = root
    repeatedKeys = parser.repeatedKeys
  }

  var value: Value { Value(node: root, name: file, page: self) }

  func place(of node: Node) -> Place {
    Place(file: file, line: node.mark?.line ?? 1, column: node.mark?.column)
  }
}
