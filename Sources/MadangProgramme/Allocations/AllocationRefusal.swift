/// Refusals of allocations, amendments, bindings and agents.
public enum AllocationRefusal: Refusing, Hashable {
  case awardOver(Day)
  case noEngine(ClusterID)
  case otherModel(ClusterID)
  case otherSite(ClusterID)
  case notWholeServers(gpus: Int64, unit: Int64)
  case noBudgets(ClusterID)
  case moreGPUsThanAward(AwardID, day: Day, over: Int64)
  case moreTimeThanAward(AwardID, left: GPUSeconds, asked: GPUSeconds)
  case moreThanCluster(ClusterID, day: Day, over: Int64)
  case notAMember(AwardID)
  case alreadyAMember(AwardID)
  case drafterMayNotApprove(AmendmentID)
  case amendmentSettled(AmendmentID)
  case ofAnotherAward(AllocationID)
  case allocationOver(AllocationID)
  case sameAsNow(AllocationID)
  case notLater(Day)
  case nothingToSuspend(AwardID)
  case notHandedOver(AllocationID)
  case clusterHasAgent(ClusterID, AgentID)
  case badKey
  case agentRevoked(AgentID)
  case fromTheFuture(ClusterID, generation: Int64)
  case notInOrder(AllocationID)
  case engineInUse(ClusterID)
  case stillLeaving(AllocationID, ClusterID)
  case lendsToItself(AwardID)
  case notLendable(AllocationID)
  case moreThanCanBeLent(AllocationID, left: Int64)
  case badLendingDay(Day)
  case offererMayNotConclude(LendingID)
  case lendingSettled(LendingID)
  case partOfALending(AllocationID, LendingID)
  case suspended(AwardID)
  case lineIsShort(LineID, day: Day, over: Int64)
  case clusterInUse(ClusterID)
  /// Whoever would approve is of the award's organisation.
  case ownAward(AwardID)
  /// A cluster would have fewer GPUs than are allocated of it.
  case lessThanAllocated(ClusterID, day: Day, over: Int64)
  case readingPromised(AwardID, days: Int64)

  public var code: String {
    switch self {
    case .awardOver: "MDG-1401"
    case .noEngine: "MDG-1402"
    case .otherModel: "MDG-1403"
    case .otherSite: "MDG-1404"
    case .notWholeServers: "MDG-1405"
    case .noBudgets: "MDG-1406"
    case .moreGPUsThanAward: "MDG-1407"
    case .moreTimeThanAward: "MDG-1408"
    case .moreThanCluster: "MDG-1409"
    case .notAMember: "MDG-1410"
    case .alreadyAMember: "MDG-1411"
    case .drafterMayNotApprove: "MDG-1412"
    case .amendmentSettled: "MDG-1413"
    case .ofAnotherAward: "MDG-1414"
    case .allocationOver: "MDG-1415"
    case .sameAsNow: "MDG-1416"
    case .notLater: "MDG-1417"
    case .nothingToSuspend: "MDG-1418"
    case .notHandedOver: "MDG-1419"
    case .clusterHasAgent: "MDG-1420"
    case .badKey: "MDG-1421"
    case .agentRevoked: "MDG-1422"
    case .fromTheFuture: "MDG-1423"
    case .notInOrder: "MDG-1424"
    case .engineInUse: "MDG-1425"
    case .stillLeaving: "MDG-1426"
    case .lendsToItself: "MDG-1427"
    case .notLendable: "MDG-1428"
    case .moreThanCanBeLent: "MDG-1429"
    case .badLendingDay: "MDG-1430"
    case .offererMayNotConclude: "MDG-1431"
    case .lendingSettled: "MDG-1432"
    case .partOfALending: "MDG-1433"
    case .suspended: "MDG-1434"
    case .lineIsShort: "MDG-1435"
    case .clusterInUse: "MDG-1436"
    case .ownAward: "MDG-1437"
    case .lessThanAllocated: "MDG-1438"
    case .readingPromised: "MDG-1440"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .awardOver(let day):
      said(
        language, ko: "배정은 \(day)부터 끝난 상태입니다.", en: "The award is over since \(day).")
    case .noEngine(let cluster):
      said(
        language, ko: "\(cluster)에 연결된 엔진이 없습니다.", en: "\(cluster) has no engine.")
    case .otherModel(let cluster):
      said(
        language, ko: "\(cluster)의 GPU 기종이 배정과 다릅니다.",
        en: "\(cluster) has another device model than the award.")
    case .otherSite(let cluster):
      said(
        language, ko: "\(cluster)은(는) 배정 물량의 센터에 있지 않습니다.",
        en: "\(cluster) is not at the centre of the award's line.")
    case .notWholeServers(let gpus, let unit):
      said(
        language, ko: "GPU \(gpus)장은 \(unit)장 서버 단위가 아닙니다.",
        en: "\(gpus) GPUs are not whole servers of \(unit).")
    case .noBudgets(let cluster):
      said(
        language, ko: "\(cluster)은(는) 서버를 통째로 제공하므로 이용시간 한도를 둘 수 없습니다.",
        en: "\(cluster) hands over whole servers, so it cannot keep a budget of time.")
    case .moreGPUsThanAward(let award, let day, let over):
      said(
        language, ko: "\(day)에 \(award)보다 GPU \(over)장이 많습니다.",
        en: "On \(day) it would be \(over) GPUs more than \(award) has.")
    case .moreTimeThanAward(let award, let left, let asked):
      said(
        language,
        ko: "\(award)에 남은 이용시간은 \(left.count) GPU초인데 \(asked.count) GPU초를 요청했습니다.",
        en: "\(award) has \(left.count) GPU-seconds left, and \(asked.count) were asked for.")
    case .moreThanCluster(let cluster, let day, let over):
      said(
        language, ko: "\(day)에 \(cluster)의 GPU가 \(over)장 모자랍니다.",
        en: "On \(day) \(cluster) is short of \(over) GPUs.")
    case .notAMember(let award):
      said(
        language, ko: "\(award)의 참여인력이 아닙니다.", en: "That person is no member of \(award).")
    case .alreadyAMember(let award):
      said(
        language, ko: "이미 \(award)의 참여인력입니다.",
        en: "That person is a member of \(award) already.")
    case .drafterMayNotApprove(let amendment):
      said(
        language, ko: "\(amendment)을(를) 기안한 사람은 승인할 수 없습니다.",
        en: "Whoever drafted \(amendment) may not approve it.")
    case .amendmentSettled(let amendment):
      said(
        language, ko: "\(amendment)은(는) 이미 처리되었습니다.",
        en: "\(amendment) was approved or returned already.")
    case .ofAnotherAward(let allocation):
      said(
        language, ko: "\(allocation)은(는) 다른 배정의 할당입니다.",
        en: "\(allocation) belongs to another award.")
    case .allocationOver(let allocation):
      said(language, ko: "\(allocation)은(는) 끝났습니다.", en: "\(allocation) has ended.")
    case .sameAsNow(let allocation):
      said(
        language, ko: "\(allocation)은(는) 이미 그 상태입니다.", en: "\(allocation) is like that already.")
    default: whatElse(language)
    }
  }

  private func whatElse(_ language: Language) -> String {
    switch self {
    case .notLater(let day):
      said(
        language,
        ko: "\(day) 전날까지는 지금의 마지막 날보다 늦지 않거나 사업 기간을 벗어납니다.",
        en: "To before \(day) is not longer than the term is now, or outside the programme's days.")
    case .nothingToSuspend(let award):
      said(
        language, ko: "\(award)은(는) 이미 그 상태입니다.",
        en: "\(award) is like that already: nothing of it would change.")
    case .notHandedOver(let allocation):
      said(
        language, ko: "\(allocation)은(는) 서버를 제공받는 할당이 아닙니다.",
        en: "\(allocation) is no hand-over.")
    case .clusterHasAgent(let cluster, let agent):
      said(
        language, ko: "\(cluster)에는 이미 \(agent)이(가) 있습니다.",
        en: "\(cluster) has \(agent) already.")
    case .badKey:
      said(
        language, ko: "쓸 수 없는 키이거나 전에 쓰인 키입니다.",
        en: "That is no key, or one that was used before.")
    case .agentRevoked(let agent):
      said(language, ko: "\(agent)의 키는 폐기되었습니다.", en: "The key of \(agent) was revoked.")
    case .fromTheFuture(let cluster, let generation):
      said(
        language, ko: "\(cluster)이(가) 아직 없는 설정 \(generation)을(를) 보고했습니다.",
        en: "\(cluster) reports generation \(generation), which there is not yet.")
    case .notInOrder(let allocation):
      said(
        language, ko: "보고된 할당의 순서가 맞지 않습니다(\(allocation)).",
        en: "The reported allocations are out of order at \(allocation).")
    case .engineInUse(let cluster):
      said(
        language, ko: "\(cluster)에 끝나지 않은 할당이 있어 엔진을 바꿀 수 없습니다.",
        en: "\(cluster) has allocations that have not ended, so its engine stays.")
    case .stillLeaving(let allocation, let cluster):
      said(
        language, ko: "\(allocation)이(가) \(cluster)에 남긴 것이 아직 반납되지 않았습니다.",
        en: "What \(allocation) left at \(cluster) is not back yet.")
    case .clusterInUse(let cluster):
      said(
        language, ko: "\(cluster)은(는) 이미 쓰인 클러스터여서 기종과 센터를 바꿀 수 없습니다.",
        en: "\(cluster) was used already, so its device model and centre stay.")
    case .ownAward(let award):
      said(
        language, ko: "승인하려는 사람이 \(award)의 수행기관에 속해 있습니다.",
        en: "Whoever would approve this is of the organisation of \(award).")
    case .lessThanAllocated(let cluster, let day, let over):
      said(
        language, ko: "그러면 \(day)에 \(cluster)의 GPU가 할당한 것보다 \(over)장 모자랍니다.",
        en: "On \(day) \(cluster) would be \(over) GPUs short of what is allocated of it.")
    case .suspended(let award):
      said(
        language, ko: "\(award)은(는) 이용정지 중이어서 새로 쓸 것을 받을 수 없습니다.",
        en: "\(award) is suspended, so it is given nothing to use.")
    case .lineIsShort(let line, let day, let over):
      said(
        language, ko: "\(day)에 \(line)의 GPU가 \(over)장 모자랍니다.",
        en: "On \(day) \(line) is short of \(over) GPUs.")
    case .readingPromised(let award, let days):
      said(
        language, ko: "\(award)이(가) 이용 중이어서, 협약 때 정해진 열람 기간 \(days)일을 줄일 수 없습니다.",
        en: "\(award) runs, and was promised \(days) days of reading: there will not be fewer.")
    default: whatOfLending(language)
    }
  }

  private func whatOfLending(_ language: Language) -> String {
    switch self {
    case .lendsToItself(let award):
      said(
        language, ko: "\(award)은(는) 자신에게 빌려줄 수 없습니다.",
        en: "\(award) cannot lend to itself.")
    case .notLendable(let allocation):
      said(
        language,
        ko: "\(allocation)은(는) 빌려줄 수 없습니다: 전용 할당이 아니거나, 아직 쓴 적이 없거나, "
          + "정지·예외 적용 중이거나, 빌린 것입니다.",
        en: "\(allocation) cannot lend: it has no GPUs of its own, was never usable, is suspended "
          + "or overridden, or is lent itself.")
    case .moreThanCanBeLent(let allocation, let left):
      said(
        language, ko: "\(allocation)에서 빌려줄 수 있는 GPU는 \(left)장입니다.",
        en: "\(allocation) has \(left) GPUs that it can lend.")
    case .badLendingDay(let day):
      said(
        language, ko: "대여는 \(day) 전날까지일 수 없습니다.",
        en: "A lending cannot last to before \(day).")
    case .offererMayNotConclude(let lending):
      said(
        language, ko: "\(lending)을(를) 제안한 사람은 수락할 수 없습니다.",
        en: "Whoever offered \(lending) may not conclude it.")
    case .lendingSettled(let lending):
      said(
        language, ko: "\(lending)은(는) 그렇게 바꿀 수 있는 상태가 아닙니다.",
        en: "\(lending) is not, or no longer, in a state for that.")
    case .partOfALending(let allocation, let lending):
      said(
        language, ko: "\(allocation)은(는) 끝나지 않은 \(lending)에 걸려 있습니다.",
        en: "\(allocation) is part of \(lending), which is not over.")
    default: code
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .awardOver, .allocationOver:
      said(
        language, ko: "배정 목록을 보십시오: madang award.", en: "See the awards: madang award.")
    case .noEngine, .otherModel, .otherSite, .noBudgets, .engineInUse:
      said(
        language, ko: "엔진이 있는 클러스터를 보십시오: madang cluster.",
        en: "See the clusters and their engines: madang cluster.")
    case .notWholeServers(_, let unit):
      said(language, ko: "\(unit)의 배수로 주십시오.", en: "Give a multiple of \(unit).")
    case .clusterInUse:
      said(
        language, ko: "새 클러스터로 정의하십시오.", en: "Define another cluster.")
    case .readingPromised:
      said(
        language, ko: "진행 중인 배정이 모두 끝난 뒤 줄이거나, 지금의 일수를 그대로 두십시오.",
        en: "Keep the days as they are, or define fewer once every award has ended.")
    case .suspended:
      said(
        language, ko: "이용재개를 먼저 기안하십시오: madang amendment draft --resume.",
        en: "Draft a resumption first: madang amendment draft --resume.")
    case .lineIsShort:
      said(
        language, ko: "물량의 남는 날을 보십시오: madang supply capacity. 더 짧게 또는 더 적게 기안할 수 있습니다.",
        en: "See the line's days: madang supply capacity. Draft fewer days, or fewer GPUs.")
    case .moreTimeThanAward:
      said(
        language,
        ko: "더 적게 할당하거나 추가배정을 기안하십시오. 줄인 한도는 그 사용이 모두 확정된 뒤에 돌아옵니다.",
        en: "Allocate less, or draft a supplement. What a budget was made smaller by is free once "
          + "all that it let begin is over and sealed.")
    case .moreGPUsThanAward, .moreThanCluster:
      said(
        language, ko: "더 적게 할당하거나 추가배정을 기안하십시오: madang amendment draft.",
        en: "Allocate less, or draft a supplement: madang amendment draft.")
    case .notAMember, .alreadyAMember:
      said(
        language, ko: "참여인력을 보십시오: madang award members.",
        en: "See the members: madang award members.")
    case .drafterMayNotApprove:
      said(
        language, ko: "기안하지 않은 사람이 승인해야 합니다.",
        en: "Somebody who did not draft it must approve it.")
    case .amendmentSettled, .ofAnotherAward, .sameAsNow, .notLater, .nothingToSuspend:
      said(
        language, ko: "할당을 보십시오: madang allocation list.",
        en: "See the allocations: madang allocation list.")
    case .stillLeaving:
      said(
        language, ko: "삭제 증명이 확인된 뒤 다시 하십시오: madang allocation show.",
        en: "Try again once its wipe is certified: madang allocation show.")
    case .notHandedOver:
      said(
        language, ko: "확인할 것이 없습니다.", en: "There is nothing to confirm.")
    case .clusterHasAgent:
      said(
        language, ko: "먼저 그 에이전트를 폐기하십시오: madang agent revoke.",
        en: "Revoke that one first: madang agent revoke.")
    case .badKey, .agentRevoked:
      said(
        language, ko: "새 키로 다시 등록하십시오: madang agent enrol.",
        en: "Enrol again with a new key: madang agent enrol.")
    case .fromTheFuture, .notInOrder:
      said(
        language, ko: "에이전트와 서버가 같은 원장을 쓰는지 확인하십시오.",
        en: "Check that agent and server use the same ledger.")
    default: helpWithLending(language)
    }
  }

  private func helpWithLending(_ language: Language) -> String {
    switch self {
    case .ownAward:
      said(
        language, ko: "그 기관에 속하지 않은 결재자가 승인해야 합니다.",
        en: "An approver who is not of that organisation must approve it.")
    case .lessThanAllocated:
      said(
        language, ko: "먼저 할당을 줄이거나 옮기십시오: madang allocation list.",
        en: "Make allocations smaller, or move them, first: madang allocation list.")
    case .partOfALending:
      said(
        language,
        ko: "반환을 먼저 요구하십시오: 팀은 madang lending end, 사무국은 madang amendment draft --recall.",
        en: "Ask it back first: the team by madang lending end, the office by "
          + "madang amendment draft --recall.")
    case .lendsToItself, .notLendable, .moreThanCanBeLent, .lendingSettled:
      said(
        language, ko: "대여 목록을 보십시오: madang lending.",
        en: "See the lendings: madang lending.")
    case .badLendingDay:
      said(
        language, ko: "오늘보다 늦고 두 배정의 끝보다 늦지 않은 날을 주십시오.",
        en: "Give a day after today, and no later than the end of either award.")
    case .offererMayNotConclude:
      said(
        language, ko: "빌리는 팀의 다른 참여인력이 수락해야 합니다.",
        en: "Another member, of the team that borrows, must conclude it.")
    default: code
    }
  }
}
