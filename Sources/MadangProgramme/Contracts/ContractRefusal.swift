/// Refusals of contracts.
public enum ContractRefusal: Refusing, Hashable {
  case unknown(ApplicationID)
  case notSelected(ApplicationID)
  case alreadySettled(ApplicationID, Offer.Standing)
  case tooLate(ApplicationID, acceptBy: Day)
  /// GPUs of the line that is offered are gone since.
  case lineIsShort(LineID, day: Day, over: Int64)
  /// No day of what was selected is still to come.
  case termOver(ApplicationID, to: Day)

  public var code: String {
    switch self {
    case .unknown: "MDG-1301"
    case .notSelected: "MDG-1302"
    case .alreadySettled: "MDG-1303"
    case .tooLate: "MDG-1304"
    case .lineIsShort: "MDG-1305"
    case .termOver: "MDG-1306"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .unknown(let application):
      said(language, ko: "\(application)을(를) 찾을 수 없습니다.", en: "There is no \(application).")
    case .notSelected(let application):
      said(
        language, ko: "\(application)은(는) 선정되지 않았습니다.", en: "\(application) was not selected.")
    case .alreadySettled(let application, let standing):
      said(
        language, ko: "\(application)은(는) 이미 ‘\(standing.name(.ko))’ 상태입니다.",
        en: "\(application) is already \(standing.name(.en)).")
    case .tooLate(let application, let day):
      said(
        language, ko: "\(application)의 협약 기한(\(day))이 지났습니다.",
        en: "The last day for \(application) to conclude its contract was \(day).")
    case .lineIsShort(let line, let day, let over):
      said(
        language, ko: "선정 뒤 물량이 줄어 \(day)에 \(line)의 GPU가 \(over)장 모자랍니다.",
        en: "The line has shrunk since the decision: on \(day) \(line) is short of \(over) GPUs.")
    case .termOver(let application, let day):
      said(
        language,
        ko: "\(application)의 이용 기간이 끝나(마지막 날 \(day.advanced(by: -1))) 체결할 것이 없습니다.",
        en:
          "The last day of the term of \(application) was \(day.advanced(by: -1)): nothing is left "
          + "to conclude.")
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .unknown:
      said(language, ko: "목록에서 번호를 확인하십시오.", en: "Check the number in the list.")
    case .notSelected:
      said(
        language, ko: "사유를 보십시오: madang application why.",
        en: "See the reason: madang application why.")
    case .lineIsShort:
      said(
        language, ko: "사업 담당자에게 문의하십시오. 물량이 채워지면 기한 안에 체결할 수 있습니다.",
        en: "Ask the office: once the line is whole again, within the time to accept, it can be.")
    case .termOver:
      said(
        language, ko: "다음 회차에 신청할 수 있습니다.", en: "The next round can be applied for.")
    case .alreadySettled, .tooLate:
      said(
        language, ko: "협약 목록을 보십시오: madang contract list.",
        en: "See the contracts: madang contract list.")
    }
  }
}

extension Offer.Standing {
  /// The standing's word on screen.
  public func name(_ language: Language) -> String {
    switch self {
    case .open: said(language, ko: "협약 대기", en: "open")
    case .concluded: said(language, ko: "협약 체결", en: "concluded")
    case .declined: said(language, ko: "포기", en: "declined")
    case .lapsed: said(language, ko: "기한 경과", en: "lapsed")
    }
  }
}
