/// Cuts a directive into its words, as Slurm does: at blanks, with single or double quotation marks
/// around blanks, a backslash before one mark, and `#` at the beginning of a word for a comment.
struct DirectiveWords {
  private var rest: Substring
  private let line: Int

  init(_ text: Substring, line: Int) {
    rest = text
    self.line = line
  }

  static func words(of text: Substring, line: Int) throws(JobRefusal) -> [String] {
    var words: [String] = []
    var cutter = DirectiveWords(text, line: line)
    while let word = try cutter.next() { words.append(word) }
    return words
  }

  private mutating func next() throws(JobRefusal) -> String? {
    rest = rest.drop { $0 == " " || $0 == "\t" }
    guard let first = rest.first, first != "#" else { return nil }
    var word = ""
    var quote: Character?
    while let character = rest.popFirst() {
      if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "\\", let escaped = rest.popFirst() {
        word.append(escaped)
      } else if character == " " || character == "\t" {
        return word
      } else {
        word.append(character)
      }
    }
    if quote != nil { throw .openQuote(line: line) }
    return word
  }
}
