/// Refusals that concern the programme as a whole and its definitions.
public enum ProgrammeRefusal: Refusing, Hashable {
  case alreadyFounded
  case notFounded
  /// A definition or command names something that is not there.
  case unknown(String)
  /// A new definition must take the next number of its kind.
  case notNext(String)
  /// Two of one kind with one short name.
  case slugTaken(String)
  case tooMany(String, limit: Int)
  case outOfRange(String, value: Int64)
  /// A day or instant outside the days that the programme covers.
  case outsideDays
  /// Time does not go back.
  case timeGoesBack

  public var code: String {
    switch self {
    case .alreadyFounded: "MDG-1001"
    case .notFounded: "MDG-1002"
    case .unknown: "MDG-1003"
    case .notNext: "MDG-1004"
    case .slugTaken: "MDG-1005"
    case .tooMany: "MDG-1006"
    case .outOfRange: "MDG-1007"
    case .outsideDays: "MDG-1008"
    case .timeGoesBack: "MDG-1009"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .alreadyFounded:
      said(language, ko: "이 원장에는 이미 사업이 있습니다.", en: "This ledger already has a programme.")
    case .notFounded:
      said(language, ko: "이 원장에는 아직 사업이 없습니다.", en: "This ledger has no programme yet.")
    case .unknown(let name):
      said(language, ko: "\(name)을(를) 찾을 수 없습니다.", en: "There is no \(name).")
    case .notNext(let name):
      said(language, ko: "\(name)은(는) 다음 번호가 아닙니다.", en: "\(name) is not the next number.")
    case .slugTaken(let slug):
      said(
        language, ko: "‘\(slug)’라는 이름이 이미 있습니다.", en: "The short name ‘\(slug)’ is taken.")
    case .tooMany(let what, let limit):
      said(
        language, ko: "\(what)이(가) 너무 많습니다(최대 \(limit)).",
        en: "Too many of \(what) (at most \(limit)).")
    case .outOfRange(let what, let value):
      said(
        language, ko: "\(what) 값 \(value)은(는) 허용 범위를 벗어납니다.",
        en: "\(what) cannot be \(value).")
    case .outsideDays:
      said(
        language, ko: "사업 기간에 들지 않는 날짜입니다.",
        en: "That day is outside the days this programme covers.")
    case .timeGoesBack:
      said(language, ko: "시간을 되돌릴 수 없습니다.", en: "Time cannot go back.")
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .alreadyFounded:
      said(
        language, ko: "다른 데이터 폴더를 지정하십시오(--data).",
        en: "Use another data folder (--data).")
    case .notFounded:
      said(
        language, ko: "먼저 ‘madang programme load 폴더’로 사업을 불러오십시오.",
        en: "Load one first: madang programme load DIR.")
    case .unknown:
      said(
        language, ko: "목록을 보고 이름과 번호를 확인하십시오.",
        en: "List what there is and check the name or number.")
    case .notNext, .slugTaken:
      said(
        language, ko: "사업 폴더를 다시 검사하십시오: madang programme check.",
        en: "Check the programme's folder again: madang programme check.")
    case .tooMany, .outOfRange:
      said(language, ko: "값을 고쳐 다시 시도하십시오.", en: "Correct the value and try again.")
    case .outsideDays:
      said(
        language, ko: "programme.yaml의 days를 확인하십시오.",
        en: "See `days` in programme.yaml.")
    case .timeGoesBack:
      said(
        language, ko: "마지막 사건 이후의 시각을 주십시오.",
        en: "Give a time after the newest event.")
    }
  }
}
