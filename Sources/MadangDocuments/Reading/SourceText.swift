/// A file's text, and what the YAML reader must never see.
struct SourceText {
  let scalars: [Unicode.Scalar]

  var string: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  /// Decodes UTF-8 strictly, drops a byte order mark, and reports the first thing that no YAML file
  /// may hold: a broken byte or a control character.
  init?(bytes: [UInt8], file: String, reading: Reading) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let line = SourceText.lineOfBrokenByte(bytes)
      reading.fault(
        Place(file: file, line: line, column: nil),
        Wording(ko: "UTF-8이 아닙니다.", en: "This is not UTF-8."),
        hint: Wording(ko: "파일을 UTF-8로 저장하십시오.", en: "Save the file as UTF-8."))
      return nil
    }
    var scalars = Array(text.unicodeScalars)
    if scalars.first?.value == 0xFEFF { scalars.removeFirst() }
    var line = 1
    var column = 1
    for (index, scalar) in scalars.enumerated() {
      if !SourceText.mayStand(scalar.value) {
        reading.fault(
          Place(file: file, line: line, column: column),
          Wording(
            ko: "쓸 수 없는 문자 \(codePoint(scalar.value))가 있습니다.",
            en: "The character \(codePoint(scalar.value)) may not stand here."),
          hint: Wording(ko: "그 문자를 지우십시오.", en: "Remove it."))
        return nil
      }
      if SourceText.endsLine(scalars, index) {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    self.scalars = scalars
  }

  /// The index of the scalar at a mark of the YAML reader; nothing where there is no such place.
  func index(line: Int, column: Int) -> Int? {
    var at = (line: 1, column: 1)
    for index in scalars.indices {
      if at.line == line, at.column == column { return index }
      if at.line > line { return nil }
      if SourceText.endsLine(scalars, index) {
        at = (at.line + 1, 1)
      } else {
        at.column += 1
      }
    }
    return nil
  }

  /// Whether `word` stands at `index`.
  func has(_ word: String, at index: Int) -> Bool {
    let expected = Array(word.unicodeScalars)
    guard !expected.isEmpty, index + expected.count <= scalars.count else { return false }
    return scalars[index..<index + expected.count].elementsEqual(expected)
  }

  func replacing(_ index: Int, with scalar: Unicode.Scalar) -> SourceText {
    var scalars = scalars
    scalars[index] = scalar
    return SourceText(scalars: scalars)
  }

  func replacing(every old: Unicode.Scalar, with new: Unicode.Scalar) -> SourceText {
    SourceText(scalars: scalars.map { $0 == old ? new : $0 })
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool { scalars.contains(scalar) }

  /// YAML 1.1's printable characters.
  private static func mayStand(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }

  /// Whether a line ends after this scalar: YAML's line breaks, CR LF as one.
  private static func endsLine(_ scalars: [Unicode.Scalar], _ index: Int) -> Bool {
    switch scalars[index].value {
    case 0x0A, 0x85, 0x2028, 0x2029: true
    case 0x0D: index + 1 == scalars.count || scalars[index + 1].value != 0x0A
    default: false
    }
  }

  private static func lineOfBrokenByte(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    var line = 1
    while true {
      switch decoder.decode(&iterator) {
      case .scalarValue(let scalar): if scalar.value == 0x0A { line += 1 }
      case .emptyInput, .error: return line
      }
    }
  }
}
