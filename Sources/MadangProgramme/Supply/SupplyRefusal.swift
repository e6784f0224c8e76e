/// Refusals of supply and pools.
public enum SupplyRefusal: Refusing, Hashable {
  /// More GPUs than the line has would have reached a state.
  case moreThanLine(LineID, state: SupplyState, gpus: Int64, line: Int64)
  /// More GPUs would have reached a state than the state before it, which is recorded too.
  case aheadOfEarlierState(LineID, state: SupplyState, gpus: Int64, earlier: SupplyState, of: Int64)
  /// A step that is not planned lies in the future.
  case notYet(Day)
  case moreUnitsThanServers(LineID, units: Int64, servers: Int64)
  case shareAboveWhole(PoolID)
  case poolsInACircle(PoolID)
  case partsExceedLine(LineID)
  case lineInUse(LineID)
  case lessThanHeld(LineID, day: Day, over: Int64)
  case modelInUse(DeviceModelID)
  /// Servers of these serial numbers are registered.
  case unitsTwice(Text)
  case noSerial

  public var code: String {
    switch self {
    case .moreThanLine: "MDG-1101"
    case .aheadOfEarlierState: "MDG-1102"
    case .notYet: "MDG-1103"
    case .moreUnitsThanServers: "MDG-1104"
    case .shareAboveWhole: "MDG-1105"
    case .poolsInACircle: "MDG-1106"
    case .partsExceedLine: "MDG-1107"
    case .lineInUse: "MDG-1108"
    case .lessThanHeld: "MDG-1109"
    case .modelInUse: "MDG-1110"
    case .unitsTwice: "MDG-1111"
    case .noSerial: "MDG-1112"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .moreThanLine(let line, let state, let gpus, let total):
      said(
        language,
        ko: "\(line)의 \(state.name(.ko)) 누계가 \(gpus)장이 되어 전체 \(total)장을 넘습니다.",
        en: "\(line) would have \(gpus) GPUs \(state.name(.en)), but it has only \(total).")
    case .aheadOfEarlierState(let line, let state, let gpus, let earlier, let of):
      said(
        language,
        ko: "\(line)의 \(state.name(.ko)) \(gpus)장이 \(earlier.name(.ko)) \(of)장보다 많아집니다.",
        en: """
          \(line) would have \(gpus) GPUs \(state.name(.en)) but only \(of) \(earlier.name(.en)).
          """)
    case .notYet(let day):
      said(
        language, ko: "\(day)은(는) 아직 오지 않은 날이므로 완료로 기록할 수 없습니다.",
        en: "\(day) has not come yet, so the step cannot be recorded as done.")
    case .moreUnitsThanServers(let line, let units, let servers):
      said(
        language, ko: "\(line)의 자산이 \(units)대가 되어 서버 \(servers)대를 넘습니다.",
        en: "\(line) would have \(units) servers registered, but it has only \(servers).")
    case .noSerial:
      said(language, ko: "일련번호로 쓸 수 없는 글입니다.", en: "That is no serial number.")
    case .unitsTwice(let serial):
      said(
        language, ko: "\(serial.value)부터의 일련번호 가운데 이미 등록된 것이 있습니다.",
        en: "Of the serial numbers from \(serial.value) on some are registered already.")
    case .shareAboveWhole(let pool):
      said(
        language, ko: "\(pool) 아래 배분 비율의 합이 100%를 넘습니다.",
        en: "The shares below \(pool) add up to more than the whole.")
    case .poolsInACircle(let pool):
      said(
        language, ko: "\(pool)이(가) 자기 자신의 상위가 됩니다.",
        en: "\(pool) would be above itself.")
    case .partsExceedLine(let line):
      said(
        language, ko: "\(line)의 예비와 운영사업자 몫이 전체보다 많습니다.",
        en: "The spares and the operator's share of \(line) exceed the line.")
    case .lineInUse(let line):
      said(
        language, ko: "\(line)에 신청이 있어 기종과 센터를 바꿀 수 없습니다.",
        en: "People have applied for \(line), so its device model and centre stay.")
    case .lessThanHeld(let line, let day, let over):
      said(
        language, ko: "그러면 \(day)에 \(line)의 GPU가 배정한 것보다 \(over)장 모자랍니다.",
        en: "On \(day) \(line) would be \(over) GPUs short of what is held of it.")
    case .modelInUse(let model):
      said(
        language, ko: "\(model)의 GPU가 도입되었거나 할당되어 있어 서버당 GPU 수를 바꿀 수 없습니다.",
        en: "GPUs of \(model) have come or are allocated, so how many one server has stays.")
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .moreThanLine, .aheadOfEarlierState:
      said(
        language, ko: "수량과 먼저 기록된 단계를 확인하십시오: madang supply line.",
        en: "Check the amount and the steps recorded before: madang supply line.")
    case .notYet:
      said(language, ko: "planned: true로 예정임을 표시하십시오.", en: "Mark it as planned: true.")
    case .moreUnitsThanServers:
      said(
        language, ko: "등록된 자산을 확인하십시오: madang supply line.",
        en: "See what is registered: madang supply line.")
    case .noSerial:
      said(
        language, ko: "영문자, 숫자, ‘-._/’만 쓰고 숫자로 끝내십시오. 예: SN-0001.",
        en: "Use letters, digits and ‘-._/’ alone, and end in a number: SN-0001.")
    case .unitsTwice:
      said(
        language, ko: "일련번호 범위가 겹치지 않게 하십시오: madang supply line.",
        en: "Give serial ranges that do not overlap: madang supply line.")
    case .shareAboveWhole, .poolsInACircle:
      said(language, ko: "pools.yaml을 고치십시오.", en: "Correct pools.yaml.")
    case .partsExceedLine:
      said(language, ko: "supply.yaml을 고치십시오.", en: "Correct supply.yaml.")
    case .modelInUse:
      said(language, ko: "새 기종으로 정의하십시오.", en: "Define another device model.")
    case .lineInUse:
      said(language, ko: "새 물량으로 정의하십시오.", en: "Define another line.")
    case .lessThanHeld:
      said(
        language, ko: "예비나 운영사업자 몫을 줄이거나, 배정이 끝난 뒤에 다시 하십시오: madang supply capacity.",
        en: "Keep fewer back, or wait until awards end: madang supply capacity.")
    }
  }
}

extension SupplyState {
  /// The state's word on screen.
  public func name(_ language: Language) -> String {
    switch self {
    case .contracted: said(language, ko: "계약", en: "contracted")
    case .shipped: said(language, ko: "출하", en: "shipped")
    case .delivered: said(language, ko: "납품", en: "delivered")
    case .accepted: said(language, ko: "검수완료", en: "accepted")
    case .inService: said(language, ko: "가동", en: "in service")
    case .retired: said(language, ko: "불용", en: "retired")
    }
  }
}
