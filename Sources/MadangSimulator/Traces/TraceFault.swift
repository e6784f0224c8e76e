public import MadangProgramme

/// Why a trace cannot be read: the line, and what is wrong with it.
public struct TraceFault: Refusing, Hashable {
  public enum Kind: Sendable, Hashable {
    case empty
    /// A column that the format needs is not among the header's.
    case missingColumn(String)
    case missingField(String)
    case notANumber(String, text: String)
    /// Beyond what the column may hold.
    case outOfRange(String, text: String)
    case negative(String, text: String)
    case notATime(String, text: String)
    case tooManyLines(Int)
    /// A field that begins with a quote, without another at its end.
    case openQuote
  }

  /// From 1; the header is line 1 where there is one.
  public let line: Int
  public let kind: Kind

  public init(line: Int, _ kind: Kind) {
    self.line = line
    self.kind = kind
  }

  public var code: String {
    switch kind {
    case .empty: "MDG-4001"
    case .missingColumn: "MDG-4002"
    case .missingField: "MDG-4003"
    case .notANumber: "MDG-4004"
    case .outOfRange: "MDG-4005"
    case .negative: "MDG-4006"
    case .notATime: "MDG-4007"
    case .tooManyLines: "MDG-4008"
    case .openQuote: "MDG-4012"
    }
  }

  public func what(_ language: Language) -> String {
    let ko = language == .ko
    let at = ko ? "\(line)행: " : "Line \(line): "
    switch kind {
    case .empty:
      return ko
        ? "작업이나 GPU가 하나도 없습니다." : "There is not one job, or not one device, in it."
    case .missingColumn(let column):
      return at + (ko ? "열 ‘\(column)’이 없습니다." : "there is no column ‘\(column)’.")
    case .missingField(let column):
      return at + (ko ? "‘\(column)’ 값이 없습니다." : "‘\(column)’ is missing.")
    case .notANumber(let column, let text):
      return at
        + (ko ? "‘\(column)’의 ‘\(text)’은(는) 수가 아닙니다." : "‘\(column)’ is no number: ‘\(text)’.")
    case .outOfRange(let column, let text):
      return at
        + (ko ? "‘\(column)’의 \(text)은(는) 범위를 벗어납니다." : "‘\(column)’ is out of range: \(text).")
    case .negative(let column, let text):
      return at + (ko ? "‘\(column)’이 음수입니다: \(text)." : "‘\(column)’ is negative: \(text).")
    case .notATime(let column, let text):
      return at
        + (ko ? "‘\(column)’의 ‘\(text)’은(는) 시각이 아닙니다." : "‘\(column)’ is no time: ‘\(text)’.")
    case .tooManyLines(let limit):
      return at + (ko ? "작업이 \(limit)개를 넘습니다." : "there are more than \(limit) jobs.")
    case .openQuote:
      return at + (ko ? "따옴표가 닫히지 않았습니다." : "a quote is not closed.")
    }
  }

  public func help(_ language: Language) -> String {
    let ko = language == .ko
    switch kind {
    case .tooManyLines:
      return ko ? "기간을 나누거나 앞부분만 쓰십시오." : "Cut it by time, or take its first part."
    case .empty, .missingColumn:
      return ko
        ? "형식을 확인하십시오(docs/simulate.md)." : "See the format's columns in docs/simulate.md."
    default:
      return ko ? "그 행을 고치거나 지우십시오." : "Mend that line, or take it out."
    }
  }
}
