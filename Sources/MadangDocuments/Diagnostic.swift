public import MadangProgramme

/// A sentence for people in both languages of every screen.
///
/// `Bilingual` is data and goes into the journal; this is said of data, and never does.
public struct Wording: Hashable, Sendable {
  public let ko: String
  public let en: String

  public init(ko: String, en: String) {
    self.ko = ko
    self.en = en
  }

  public subscript(language: Language) -> String {
    switch language {
    case .ko: ko
    case .en: en
    }
  }
}

/// One fault in a programme's folder: where it stands, what is wrong and what would help.
public struct Diagnostic: Hashable, Sendable {
  /// The file's path inside the programme's folder, `supply.yaml`.
  public let file: String
  /// From 1; 1 also where the fault is of the file as a whole.
  public let line: Int
  /// From 1, counted in Unicode scalars; nothing where the fault is of the file as a whole.
  public let column: Int?
  public let message: Wording
  public let hint: Wording

  public init(file: String, line: Int, column: Int?, message: Wording, hint: Wording) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
    self.hint = hint
  }

  /// `supply.yaml:12: what is wrong`, and the hint on a line of its own.
  public func text(_ language: Language) -> String {
    "\(file):\(line): \(message[language])\n  \(hint[language])"
  }
}

extension Diagnostic: Comparable {
  public static func < (a: Self, b: Self) -> Bool {
    (a.file, a.line, a.column ?? 0, a.message.en) < (b.file, b.line, b.column ?? 0, b.message.en)
  }
}
