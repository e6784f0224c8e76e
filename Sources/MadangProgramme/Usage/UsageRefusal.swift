/// Refusals of usage, statements and settlements. Those of a segment stand in the order in which
/// they are checked; `differs` comes before `overlaps`, and both after all that it says of itself.
public enum UsageRefusal: Refusing, Hashable {
  // Segments.
  /// An agent reports what is another cluster's.
  case otherCluster(ClusterID, agentOf: ClusterID)
  case badNumber(Int32)
  case otherModel(DeviceModelID, cluster: ClusterID)
  case absurdGPUs(Int64, most: Int64)
  case endsBeforeItBegins
  case tooLong(seconds: Int64)
  case beforeTime
  /// The cluster's clock is wrong, or jumped.
  case inTheFuture(seconds: Int64)
  case unknownAllocation(AllocationID)
  /// The same key, another content.
  case differs(Int32, SegmentField)
  case overlaps(Int32, with: Int32)
  /// Its month is archived: what was not there then does not come in any more.
  case archived(before: Instant)
  /// There is none to cancel.
  case noSegment(Int32)

  // Statements.
  case hourNotOver(Hour)
  case alreadySealed(Hour)
  /// An hour between has no statement yet.
  case hourMissing(Hour)
  /// The correction does not name the newest statement of its hour.
  case correctsAnother(Hour, newest: Int32)
  /// The rows do not add up to capacity × time.
  case wrongSum(Hour, rows: GPUSeconds, capacity: GPUSeconds)
  case badRows(Hour)
  /// Hours are sealed from the first one on.
  case beforeTheFirst(Hour, first: Hour)

  // Settlements.
  case notAllSealed(Month)
  case alreadySettled(AwardID, Month)
  case noUsage(AwardID, Month)
  /// No price was published: none is guessed.
  case noPrice(PriceID)
  /// Only a range was published.
  case chargeIsARange(ChargeID)
  case otherTrack(ChargeID, AwardID)
  case priceOfAnotherModel(PriceID)
  case noDiscount(ChargeID)
  /// Figures behind it were erased.
  case usageErased(Month)
  case amountTooLarge
  /// The month was settled by another price, charge or reduction.
  case otherTerms(SettlementID)

  public var code: String {
    switch self {
    case .otherCluster: "MDG-1501"
    case .badNumber: "MDG-1502"
    case .otherModel: "MDG-1503"
    case .absurdGPUs: "MDG-1504"
    case .endsBeforeItBegins: "MDG-1505"
    case .tooLong: "MDG-1506"
    case .beforeTime: "MDG-1507"
    case .inTheFuture: "MDG-1508"
    case .unknownAllocation: "MDG-1509"
    case .differs: "MDG-1510"
    case .overlaps: "MDG-1511"
    case .archived: "MDG-1512"
    case .noSegment: "MDG-1513"
    case .hourNotOver: "MDG-1520"
    case .alreadySealed: "MDG-1521"
    case .hourMissing: "MDG-1522"
    case .correctsAnother: "MDG-1523"
    case .wrongSum: "MDG-1524"
    case .badRows: "MDG-1525"
    case .beforeTheFirst: "MDG-1526"
    case .notAllSealed: "MDG-1530"
    case .alreadySettled: "MDG-1531"
    case .noUsage: "MDG-1532"
    case .noPrice: "MDG-1533"
    case .chargeIsARange: "MDG-1534"
    case .otherTrack: "MDG-1535"
    case .priceOfAnotherModel: "MDG-1536"
    case .noDiscount: "MDG-1537"
    case .usageErased: "MDG-1538"
    case .amountTooLarge: "MDG-1539"
    case .otherTerms: "MDG-1540"
    }
  }

  public func what(_ language: Language) -> String {
    let words = whatOfSegment ?? whatOfStatement
    return said(language, ko: words.ko, en: words.en)
  }

  public func help(_ language: Language) -> String {
    let words = helpOfSegment ?? helpOfStatement
    return said(language, ko: words.ko, en: words.en)
  }
}

extension UsageRefusal {
  private typealias Words = (ko: String, en: String)

  private var whatOfSegment: Words? {
    switch self {
    case .otherCluster(let other, let own):
      (
        "\(own)의 에이전트가 \(other)의 사용량을 보냈습니다.",
        "The agent of \(own) reported usage of \(other)."
      )
    case .badNumber(let number):
      ("구간 번호 \(number)은(는) 쓸 수 없습니다.", "A segment cannot have the number \(number).")
    case .otherModel(let model, let cluster):
      ("\(cluster)에는 \(model) 기종이 없습니다.", "\(cluster) has no GPUs of \(model).")
    case .absurdGPUs(let gpus, let most):
      (
        "GPU \(gpus)장의 사용량은 있을 수 없습니다(1장부터 \(most)장까지).",
        "Usage of \(gpus) GPUs cannot be: a segment has 1 to \(most)."
      )
    case .endsBeforeItBegins:
      ("사용 구간이 시작보다 먼저 끝나거나 비어 있습니다.", "The segment ends before it begins, or is empty.")
    case .tooLong(let seconds):
      (
        "사용 구간 \(seconds)초는 한도 \(UsageSegment.secondsMax)초를 넘습니다.",
        "A segment of \(seconds) s is longer than \(UsageSegment.secondsMax) s."
      )
    case .beforeTime:
      ("사용 구간이 1970년보다 이릅니다.", "The segment lies before 1970.")
    case .inTheFuture(let seconds):
      (
        "사용 구간이 서버 시각보다 \(seconds)초 앞섭니다.",
        "The segment ends \(seconds) s ahead of the server's clock."
      )
    case .unknownAllocation(let allocation):
      (
        "\(allocation)은(는) 이 클러스터의 할당이 아닙니다.",
        "\(allocation) is no allocation at this cluster."
      )
    case .differs(let number, let field):
      (
        "같은 작업의 \(number)번 구간이 이미 있고 ‘\(field.rawValue)’ 값이 다릅니다.",
        "Segment \(number) of that job is there with another ‘\(field.rawValue)’."
      )
    case .overlaps(let number, let other):
      (
        "\(number)번 구간이 같은 작업의 \(other)번 구간과 겹칩니다.",
        "Segment \(number) overlaps segment \(other) of the same job."
      )
    case .archived:
      ("사용 구간의 달은 이미 보관되었습니다.", "The segment's month is archived already.")
    case .noSegment(let number):
      ("그 작업에는 \(number)번 구간이 없습니다.", "That job has no segment \(number).")
    default: nil
    }
  }

  private var whatOfStatement: Words {
    switch self {
    case .hourNotOver(let hour):
      ("\(hour) 시간대가 아직 끝나지 않았습니다.", "The hour \(hour) is not over yet.")
    case .alreadySealed(let hour):
      ("\(hour) 시간대는 이미 확정되었습니다.", "The hour \(hour) is sealed already.")
    case .hourMissing(let hour):
      ("\(hour) 시간대가 아직 확정되지 않았습니다.", "The hour \(hour) has to be sealed first.")
    case .correctsAnother(let hour, let newest):
      (
        "\(hour) 시간대의 최신 명세는 \(newest)번입니다.",
        "The newest statement of \(hour) is number \(newest)."
      )
    case .wrongSum(let hour, let rows, let capacity):
      (
        "\(hour) 시간대의 합계 \(rows)이(가) 용량 × 시간 \(capacity)과(와) 다릅니다.",
        "The rows of \(hour) add up to \(rows); capacity × time is \(capacity)."
      )
    case .badRows(let hour):
      (
        "\(hour) 시간대의 명세 항목이 순서에 어긋나거나 있을 수 없는 값입니다.",
        "Rows of \(hour) are out of order, or cannot be."
      )
    case .beforeTheFirst(let hour, let first):
      (
        "\(hour) 시간대는 처음 확정된 \(first)보다 앞섭니다.",
        "The hour \(hour) is before \(first), the first that was sealed there."
      )
    case .notAllSealed(let month):
      ("\(month)의 사용량이 아직 다 확정되지 않았습니다.", "Not all hours of \(month) are sealed.")
    case .alreadySettled(let award, let month):
      ("\(award)의 \(month) 이용료는 이미 정산되었습니다.", "\(award) is settled for \(month) already.")
    case .noUsage(let award, let month):
      ("\(award)의 \(month) 사용량이 없습니다.", "There is no usage of \(award) in \(month).")
    case .noPrice(let price):
      ("\(price) 단가는 공개되지 않았습니다.", "The price \(price) was not published.")
    case .chargeIsARange(let charge):
      (
        "\(charge) 부담률은 범위로만 공개되었습니다.", "Of \(charge) only a range was published."
      )
    case .otherTrack(let charge, let award):
      ("\(charge)은(는) \(award)의 트랙에 적용되지 않습니다.", "\(charge) is not for \(award)'s track.")
    case .priceOfAnotherModel(let price):
      ("\(price)은(는) 다른 기종의 단가입니다.", "\(price) is the price of another device model.")
    case .noDiscount(let charge):
      ("\(charge)에는 감면이 없습니다.", "\(charge) has no discount.")
    case .usageErased(let month):
      ("\(month)의 사용 명세 일부가 삭제되었습니다.", "Some usage of \(month) was erased.")
    case .otherTerms(let settlement):
      (
        "\(settlement)은(는) 다른 단가나 부담률로 정산되었습니다.",
        "\(settlement) was settled by another price, charge or reduction."
      )
    default: ("금액이 너무 큽니다.", "The amount is too large.")
    }
  }

  private var helpOfSegment: Words? {
    switch self {
    case .otherCluster:
      ("그 클러스터의 에이전트로 보내십시오.", "Send it through that cluster's own agent.")
    case .badNumber, .otherModel, .absurdGPUs, .endsBeforeItBegins, .beforeTime:
      ("에이전트의 계측을 점검하십시오.", "Check how the agent meters.")
    case .tooLong:
      ("구간을 하루 안으로 나누어 보내십시오.", "Cut it into segments of at most a day.")
    case .inTheFuture:
      (
        "클러스터의 시계를 맞추고 다시 보내십시오.", "Set the cluster's clock right, and send it again."
      )
    case .unknownAllocation:
      (
        "할당 목록을 확인하십시오: madang allocation list.",
        "See the allocations: madang allocation list."
      )
    case .archived:
      ("보관된 달의 사용량은 더 받지 않습니다.", "An archived month takes no more usage.")
    case .noSegment:
      ("작업과 번호를 확인하십시오.", "Check the job and the number.")
    case .differs, .overlaps:
      (
        "저장된 구간은 그대로입니다. 틀렸다면 정정하십시오.",
        "What is stored stays; where it is wrong, correct it."
      )
    default: nil
    }
  }

  private var helpOfStatement: Words {
    switch self {
    case .hourNotOver: ("그 시간이 지난 뒤 확정하십시오.", "Seal it once it is over.")
    case .alreadySealed, .correctsAnother:
      ("최신 명세의 번호를 적어 정정하십시오.", "Correct it, naming its newest statement.")
    case .hourMissing: ("시간 순서대로 확정하십시오.", "Seal the hours in order.")
    case .wrongSum, .badRows: ("그 시간대를 다시 계산하십시오.", "Close that hour again.")
    case .notAllSealed: ("달이 모두 확정된 뒤 정산하십시오.", "Settle once the whole month is sealed.")
    case .alreadySettled:
      ("정산 목록을 보십시오: madang usage.", "See what was settled: madang usage.")
    case .noUsage: ("번호와 달을 확인하십시오.", "Check the number and the month.")
    case .noPrice, .chargeIsARange, .otherTrack, .priceOfAnotherModel, .noDiscount:
      (
        "공개된 단가와 부담률을 prices.yaml에 적으십시오. 추정하지 않습니다.",
        "Put what was published into prices.yaml; nothing is guessed."
      )
    case .usageErased:
      (
        "삭제된 달은 정산하거나 줄여서 정정할 수 없습니다.",
        "A month with erased usage can neither be settled nor corrected downwards."
      )
    case .otherTerms:
      (
        "정정된 달은 처음과 같은 단가와 부담률로 정산하십시오: madang usage settlements.",
        "Settle a corrected month by what it was settled by first: madang usage settlements."
      )
    case .beforeTheFirst(_, let first):
      ("\(first)부터 확정합니다.", "Hours are sealed from \(first) on.")
    default:
      (
        "단가와 그 달의 사용 명세를 확인하십시오.",
        "Check the price, and the month's statements."
      )
    }
  }
}
