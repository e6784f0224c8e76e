/// Refusals of calls and rounds.
public enum CallRefusal: Refusing, Hashable {
  case unknown(String)
  case notOpenYet(RoundID)
  /// The command was received `seconds` after closing.
  case closed(RoundID, secondsLate: Int64)
  case notClosedYet(RoundID)
  case trackOfAnotherCall(TrackID)
  case askOutOfRange(gpus: Int64)
  case notWholeUnits(gpus: Int64, unit: Int64)
  case askAboveCap(gpus: Int64, cap: Int64)
  case termOutsidePeriod(period: Term)
  case modelNotOffered(DeviceModelID)
  case badModels
  case anotherRound(ApplicationID)
  case withdrawn(ApplicationID)
  case notEligible(ApplicationID)
  case wrongCriteria(given: Int, criteria: Int)
  case pointsOutOfRange(Int64)
  case conflictOfInterest(ApplicationID)
  case alreadyDecided(RoundID)
  case wrongStage(RoundID, is: RoundState.Stage, needed: RoundState.Stage)
  case drafterMayNotApprove(RoundID)
  case nobodyApplied(RoundID)
  case notAllJudged(RoundID, missing: Int64)
  /// The independent recount found the decision to exceed what is awardable.
  case exceedsCapacity(of: String, day: Day?, gpus: Int64)
  case ruleOutOfRange(rule: String, value: Int64)
  case lineWithoutModel(LineID)
  case badRound
  case otherRules(RoundID)
  /// Whoever would approve is of an organisation that applied.
  case ownApplication(ApplicationID)
  /// Since it was drafted, the term of somebody who would be selected has ended.
  case termOver(RoundID)
  /// Applications came in, and are judged by what would be changed.
  case applied(RoundID)
  case otherEligibility(RoundID)
  case conflictKnown(ApplicationID)
  case alreadyReviewed(ApplicationID)

  public var code: String {
    switch self {
    case .unknown: "MDG-1201"
    case .notOpenYet: "MDG-1202"
    case .closed: "MDG-1203"
    case .notClosedYet: "MDG-1204"
    case .trackOfAnotherCall: "MDG-1205"
    case .askOutOfRange: "MDG-1206"
    case .notWholeUnits: "MDG-1207"
    case .askAboveCap: "MDG-1208"
    case .termOutsidePeriod: "MDG-1209"
    case .modelNotOffered: "MDG-1210"
    case .badModels: "MDG-1211"
    case .anotherRound: "MDG-1212"
    case .withdrawn: "MDG-1213"
    case .notEligible: "MDG-1214"
    case .wrongCriteria: "MDG-1215"
    case .pointsOutOfRange: "MDG-1216"
    case .conflictOfInterest: "MDG-1217"
    case .alreadyDecided: "MDG-1218"
    case .wrongStage: "MDG-1219"
    case .drafterMayNotApprove: "MDG-1220"
    case .nobodyApplied: "MDG-1221"
    case .notAllJudged: "MDG-1222"
    case .exceedsCapacity: "MDG-1223"
    case .ruleOutOfRange: "MDG-1224"
    case .lineWithoutModel: "MDG-1225"
    case .badRound: "MDG-1226"
    case .otherRules: "MDG-1227"
    case .ownApplication: "MDG-1228"
    case .termOver: "MDG-1229"
    case .applied: "MDG-1230"
    case .otherEligibility: "MDG-1231"
    case .conflictKnown: "MDG-1232"
    case .alreadyReviewed: "MDG-1233"
    }
  }

  public func what(_ language: Language) -> String {
    let (ko, en) = sentence
    return said(language, ko: ko, en: en)
  }

  public func help(_ language: Language) -> String {
    let (ko, en) = advice
    return said(language, ko: ko, en: en)
  }

  private var sentence: (ko: String, en: String) {
    switch self {
    case .unknown(let name): ("\(name)을(를) 찾을 수 없습니다.", "There is no \(name).")
    case .notOpenYet(let round): ("\(round)은(는) 아직 접수 전입니다.", "\(round) is not open yet.")
    case .closed(let round, let late):
      (
        "\(round)의 접수가 \(CallRefusal.duration(late, .ko)) 전에 마감되었습니다.",
        "\(round) closed \(CallRefusal.duration(late, .en)) earlier."
      )
    case .notClosedYet(let round):
      ("\(round)의 접수가 아직 끝나지 않았습니다.", "\(round) is still open for applications.")
    case .trackOfAnotherCall(let track):
      ("\(track)은(는) 이 공모의 트랙이 아닙니다.", "\(track) belongs to another call.")
    case .askOutOfRange(let gpus):
      ("GPU \(gpus)장은 신청할 수 없는 수량입니다.", "\(gpus) GPUs cannot be asked for.")
    case .notWholeUnits(let gpus, let unit):
      (
        "GPU \(gpus)장은 서버 단위(\(unit)장)의 배수가 아닙니다.",
        "\(gpus) GPUs are not whole servers of \(unit)."
      )
    case .askAboveCap(let gpus, let cap):
      (
        "GPU \(gpus)장은 신청 한도 \(cap)장을 넘습니다.",
        "\(gpus) GPUs exceed the \(cap) that one application may ask for."
      )
    case .termOutsidePeriod(let period):
      (
        "이용 기간이 공모의 기간(\(period.from) ~ \(period.to) 전날)을 벗어납니다.",
        "The term is not within the round's period, \(period.from) to before \(period.to)."
      )
    case .modelNotOffered(let model):
      ("이 회차는 \(model)을(를) 제공하지 않습니다.", "This round does not offer \(model).")
    case .badModels:
      (
        "기종은 서로 다른 것으로 1~\(Limits.modelPreferencesMax)개를 적어야 합니다.",
        "Name one to \(Limits.modelPreferencesMax) different device models."
      )
    case .anotherRound(let application):
      ("\(application)은(는) 다른 회차의 신청입니다.", "\(application) belongs to another round.")
    case .withdrawn(let application):
      ("\(application)은(는) 취소된 신청입니다.", "\(application) was withdrawn.")
    case .notEligible(let application):
      (
        "\(application)은(는) 신청자격이 확인되지 않았습니다.",
        "\(application) has not been found eligible."
      )
    case .wrongCriteria(let given, let criteria):
      (
        "평가항목은 \(criteria)개인데 점수가 \(given)개입니다.",
        "The call has \(criteria) criteria, but \(given) points were given."
      )
    case .pointsOutOfRange(let points):
      (
        "점수 \(points)은(는) 0~\(Limits.pointsMax) 범위를 벗어납니다.",
        "\(points) is not within 0 to \(Limits.pointsMax) points."
      )
    case .conflictOfInterest(let application):
      (
        "이해관계가 있어 \(application)을(를) 평가할 수 없습니다.",
        "This reviewer has a conflict of interest with \(application)."
      )
    default: decisionSentence
    }
  }

  private var decisionSentence: (ko: String, en: String) {
    switch self {
    case .alreadyDecided(let round):
      (
        "\(round)은(는) 이미 선정 절차에 들어가 더 바꿀 수 없습니다.",
        "The decision of \(round) has begun, so nothing of it changes any more."
      )
    case .wrongStage(let round, let stage, let needed):
      (
        "\(round)은(는) ‘\(stage.name(.ko))’ 상태이며 ‘\(needed.name(.ko))’이어야 합니다.",
        "\(round) is \(stage.name(.en)), but would have to be \(needed.name(.en))."
      )
    case .drafterMayNotApprove(let round):
      (
        "\(round)의 선정안을 기안한 사람은 결재할 수 없습니다.",
        "Whoever drafted the decision of \(round) may not approve it."
      )
    case .nobodyApplied(let round):
      ("\(round)에 신청이 없습니다.", "Nobody applied in \(round).")
    case .notAllJudged(let round, let missing):
      (
        "\(round)의 신청 \(missing)건은 신청자격을 아직 확인하지 않았습니다.",
        "Applications of \(round) not yet judged eligible or not: \(missing)."
      )
    case .exceedsCapacity(let what, let day, let gpus):
      (
        "선정안이 \(day.map { "\($0)에 " } ?? "")\(what)의 한도를 \(gpus)장 넘습니다.",
        "The decision exceeds \(what)\(day.map { " on \($0)" } ?? "") by \(gpus) GPUs."
      )
    case .ruleOutOfRange(let rule, let value):
      ("규칙 ‘\(rule)’의 값 \(value)은(는) 쓸 수 없습니다.", "The rule ‘\(rule)’ cannot be \(value).")
    case .lineWithoutModel(let line):
      (
        "\(line)은(는) 기종이 정해지지 않아 제공할 수 없습니다.",
        "\(line) has no device model yet, so it cannot be offered."
      )
    case .otherRules(let round):
      (
        "\(round)은(는) 공고된 규칙으로만 선정합니다.",
        "\(round) is decided by the rules that were published with it, and by no others."
      )
    case .ownApplication(let application):
      (
        "결재하려는 사람이 \(application)의 수행기관에 속해 있습니다.",
        "Whoever would approve this is of the organisation of \(application)."
      )
    case .termOver(let round):
      (
        "\(round)의 기안 뒤에 선정될 신청의 이용 기간이 끝났습니다.",
        "Since \(round) was drafted, the term of an application that it selects has ended."
      )
    case .applied(let round):
      (
        "\(round)에 신청이 들어와 신청과 심사의 기준을 바꿀 수 없습니다.",
        "Applications came in for \(round), so what they are judged by stays as it is."
      )
    case .otherEligibility(let round):
      (
        "이 규칙의 신청자격은 \(round)의 신청을 심사한 신청자격과 다릅니다.",
        "These rules have other eligibility rules than those that \(round) was judged by."
      )
    case .alreadyReviewed(let application):
      (
        "\(application)은(는) 이미 평가를 받아 더 바꿀 수 없습니다.",
        "\(application) has been reviewed, so it does not change any more."
      )
    case .conflictKnown(let application):
      (
        "이 평가위원과 \(application)의 이해관계는 이미 기록되어 있습니다.",
        "That this reviewer has a conflict of interest with \(application) is recorded already."
      )
    default:
      (
        "회차의 접수 기간, 이용 기간 또는 협약 기한이 올바르지 않습니다.",
        "The round's window, period or time to accept is not possible."
      )
    }
  }

  private var advice: (ko: String, en: String) {
    switch self {
    case .unknown, .anotherRound, .trackOfAnotherCall:
      ("목록에서 번호를 확인하십시오.", "Check the number in the list.")
    case .notOpenYet, .notClosedYet:
      ("접수 기간을 확인하십시오: madang round show.", "See the window: madang round show.")
    case .closed:
      ("다음 회차에 신청할 수 있습니다.", "The next round can be applied for.")
    case .askOutOfRange, .notWholeUnits, .askAboveCap:
      ("수량을 고쳐 다시 제출하십시오.", "Change the number of GPUs and submit again.")
    case .termOutsidePeriod: ("기간을 고치십시오.", "Change the term.")
    case .modelNotOffered, .badModels:
      ("제공 기종을 확인하십시오: madang round show.", "See the models offered: madang round show.")
    case .withdrawn, .notEligible:
      ("신청의 상태를 확인하십시오: madang application show.", "See its state: madang application show.")
    case .wrongCriteria, .pointsOutOfRange:
      (
        "평가항목을 공모의 순서대로, 하나에 점수 하나씩 주십시오: madang round show.",
        "Give one for each criterion, in the call's order: madang round show."
      )
    case .conflictOfInterest:
      ("다른 평가위원에게 맡기십시오.", "Give it to another reviewer.")
    case .alreadyDecided, .wrongStage:
      ("회차의 진행 상태를 확인하십시오: madang round show.", "See where the round is: madang round show.")
    case .drafterMayNotApprove:
      ("기안하지 않은 결재자가 승인해야 합니다.", "An approver who did not draft it has to approve it.")
    case .ownApplication:
      (
        "신청한 기관에 속하지 않은 결재자가 승인해야 합니다.",
        "An approver of none of the organisations that applied has to approve it."
      )
    case .termOver:
      ("선정안을 반려하고 다시 기안하십시오.", "Return the draft and draft anew.")
    case .applied:
      ("다음 회차나 새 공모에서 바꾸십시오.", "Change it in the next round, or in another call.")
    case .otherEligibility:
      (
        "신청자격은 그대로 두고 다른 규칙만 바꾸십시오.",
        "Leave the eligibility rules as they are, and change others."
      )
    case .alreadyReviewed:
      ("다음 회차에 신청할 수 있습니다.", "The next round can be applied for.")
    case .conflictKnown:
      ("더 할 일이 없습니다.", "There is nothing to do.")
    case .nobodyApplied: ("신청을 먼저 받으십시오.", "Applications have to come in first.")
    case .notAllJudged:
      ("신청자격을 먼저 확인하십시오.", "Judge their eligibility first.")
    case .exceedsCapacity:
      (
        "선정안을 반려하고 다시 기안하십시오. 기안 자체가 거부되면 결함이니 알려 주십시오.",
        "Return the draft and draft anew; if drafting itself is refused, report a defect."
      )
    case .otherRules:
      (
        "다른 규칙은 시험만 할 수 있습니다: madang round decide --rules FILE --dry-run.",
        "Other rules can be tried: madang round decide --rules FILE --dry-run."
      )
    case .ruleOutOfRange, .lineWithoutModel, .badRound:
      ("값을 고쳐 다시 시도하십시오.", "Correct the value and try again.")
    }
  }
}

extension CallRefusal {
  /// How late, in the largest whole unit.
  private static func duration(_ seconds: Int64, _ language: Language) -> String {
    let units: [(seconds: Int64, ko: String, en: String)] = [
      (86_400, "일", "days"), (3_600, "시간", "hours"), (60, "분", "minutes"),
    ]
    for unit in units where seconds >= 2 * unit.seconds {
      let count = seconds / unit.seconds
      return said(language, ko: "\(count)\(unit.ko)", en: "\(count) \(unit.en)")
    }
    return said(language, ko: "\(seconds)초", en: "\(seconds) seconds")
  }
}

extension RoundState.Stage {
  /// The stage's word on screen.
  public func name(_ language: Language) -> String {
    switch self {
    case .open: said(language, ko: "접수·평가", en: "open")
    case .drafted: said(language, ko: "선정안 기안", en: "drafted")
    case .approved: said(language, ko: "결재 완료", en: "approved")
    case .published: said(language, ko: "공개", en: "published")
    }
  }
}
