import MadangProgramme

/// What was done, a sentence each, by what was asked.
extension Programme {
  func applicationSentence(
    _ operation: String, _ values: Values, _ decided: Decided, _ prose: Prose
  ) -> String {
    let id = values.text("application") ?? ""
    switch decided.events.first {
    case .organisationRegistered(let id, _):
      return prose.say(ko: "\(id)을(를) 등록했습니다.", en: "Registered \(id).")
    case .applicationSubmitted(let body), .applicationRevised(let body):
      let received = prose.time(applications[body.application].receivedAt, self)
      let number = decided.numbers.first.map { "\($0)" } ?? "–"
      return prose.say(
        ko: "접수증: \(body.application), 사건 \(number), \(received) 접수, 내용 \(body.content.hex)",
        en: "Receipt: \(body.application), event \(number), received \(received), "
          + "content \(body.content.hex)")
    case .applicationWithdrawn: return prose.say(ko: "\(id)을(를) 취소했습니다.", en: "Withdrew \(id).")
    case .eligibilityJudged(let body): return eligibilitySentence(body, prose)
    case .conflictDeclared:
      return prose.say(
        ko: "\(id)의 이해관계를 기록했습니다.", en: "Recorded the conflict of interest for \(id).")
    case .reviewRecorded, .reviewRevised:
      let count = decided.events.count
      return operation == "reviewApplications"
        ? prose.say(ko: "평가 \(count)건을 기록했습니다.", en: "Recorded \(counted(count, "review")).")
        : prose.say(ko: "\(id)의 평가를 기록했습니다.", en: "Recorded the review of \(id).")
    default: return Programme.unchanged(prose)
    }
  }

  private func eligibilitySentence(_ body: EligibilityJudged, _ prose: Prose) -> String {
    let id = body.application
    let rules = rounds[applications[id].round].round.rules.eligibility
    guard let index = body.brokenRule.value, rules.indices.contains(Int(index)) else {
      return prose.say(ko: "\(id): 신청자격 충족.", en: "\(id): eligible.")
    }
    let name = rules[Int(index)].name[prose.language]
    return prose.say(ko: "\(id): 신청자격 미충족(\(name)).", en: "\(id): not eligible (\(name)).")
  }

  // MARK: Rounds and contracts

  func roundSentence(
    _ operation: String, _ values: Values, _ decided: Decided, _ prose: Prose
  ) -> String {
    let id = values.text("round") ?? values.text("application") ?? ""
    switch operation {
    case "draftRound":
      var count = 0
      if case .roundDrafted(let body) = decided.events.first {
        count = body.outcomes.value?.count(where: \.isSelected) ?? 0
      }
      return prose.say(
        ko: "\(id)의 선정안을 기안했습니다: \(count)건. 다른 사람이 승인해야 합니다: madang round approve \(id)",
        en: "Drafted the decision of \(id): \(count) selected. Somebody else has to approve it: "
          + "madang round approve \(id)")
    case "returnRound":
      return prose.say(ko: "\(id)의 선정안을 반려했습니다.", en: "Returned the draft of \(id).")
    case "approveRound":
      return prose.say(ko: "\(id)의 선정안을 승인했습니다.", en: "Approved the decision of \(id).")
    case "publishRound":
      return prose.say(ko: "\(id)의 결과를 공개했습니다.", en: "Published the decision of \(id).")
    case "concludeContract":
      var award = "–"
      for case .awardGranted(let body) in decided.events { award = "\(body.award)" }
      return prose.say(
        ko: "\(id)의 협약을 체결했습니다: \(award).", en: "Concluded the contract of \(id): \(award).")
    default:
      var moved: [String] = []
      for case .applicationSelected(let body) in decided.events {
        moved.append("\(body.application) (\(body.gpus))")
      }
      let list = moved.isEmpty ? "–" : moved.joined(separator: ", ")
      return prose.say(
        ko: "\(id)이(가) 포기했습니다. 예비에서 선정: \(list)",
        en: "\(id) declined. Moved up from the reserve list: \(list)")
    }
  }

  // MARK: Awards and allocations

  func awardSentence(
    _ operation: String, _ values: Values, _ decided: Decided, _ prose: Prose
  ) -> String {
    let award = values.text("award") ?? ""
    let name = values.text("name") ?? ""
    switch operation {
    case "addMember":
      return prose.say(
        ko: "\(award) 참여인력에 \(name)을(를) 넣었습니다.", en: "\(name) is a member of \(award) now.")
    case "removeMember":
      return prose.say(
        ko: "\(award) 참여인력에서 \(name)을(를) 뺐습니다.",
        en: "\(name) is no member of \(award) any more.")
    case "approveAmendment":
      let id = values.text("amendment") ?? ""
      return prose.say(ko: "\(id)을(를) 승인했습니다.", en: "Approved \(id).")
    case "returnAmendment":
      let id = values.text("amendment") ?? ""
      return prose.say(ko: "\(id)을(를) 반려했습니다.", en: "Returned \(id).")
    case "confirmHandover":
      let id = values.text("allocation") ?? ""
      return prose.say(ko: "\(id)의 서버를 인수 확인했습니다.", en: "Confirmed the servers of \(id).")
    case "revokeAgent":
      let id = values.text("agent") ?? ""
      return prose.say(ko: "\(id)의 키를 폐기했습니다.", en: "Revoked the key of \(id).")
    default: return madeSentence(decided, prose)
    }
  }

  private func madeSentence(_ decided: Decided, _ prose: Prose) -> String {
    switch decided.events.first {
    case .amendmentDrafted(let body):
      let change = words(for: body.change.value, prose.language)
      return prose.say(
        ko: "\(body.amendment) 기안: \(change). 다른 사람이 승인해야 합니다.",
        en: "Drafted \(body.amendment): \(change). Somebody else has to approve it.")
    case .allocationMade(let body):
      let slug = clusters[body.cluster].slug
      let limit = words(for: body.limit, prose.language)
      return prose.say(
        ko: "\(body.allocation): \(slug)에 \(limit) 할당. 엔진에서 읽어 확인되면 적용됩니다.",
        en: "\(body.allocation): \(limit) at \(slug). It is enforced once it was read back.")
    case .settled(let body): return settledSentence(body, prose)
    default: return Programme.unchanged(prose)
    }
  }

  private func settledSentence(_ body: Settled, _ prose: Prose) -> String {
    guard let amount = body.amount.value, let remainder = body.remainder.value,
      let total = body.total.value
    else { return Programme.unchanged(prose) }
    let currency = charter?.currency.value ?? ""
    guard let amended = body.amends else {
      return prose.say(
        ko: "\(body.award)의 \(body.month) 이용료를 정산했습니다: \(amount.grouped) \(currency)"
          + " (버린 금액 \(remainder))",
        en: "Settled \(body.award) for \(body.month): \(amount.grouped) \(currency)"
          + " (\(remainder) dropped)")
    }
    return prose.say(
      ko: "\(body.award)의 \(body.month) 이용료를 추가로 정산했습니다: \(amount.grouped) \(currency)."
        + " 정정된 달 전체는 \(total.grouped) \(currency)이고(버린 금액 \(remainder)),"
        + " \(amended)까지 \((total - amount).grouped) \(currency)을(를) 정산했습니다.",
      en: "Settled \(body.award) for \(body.month) further: \(amount.grouped) \(currency)."
        + " The month as corrected is \(total.grouped) \(currency) (\(remainder) dropped),"
        + " of which \((total - amount).grouped) \(currency) were settled up to \(amended).")
  }

  // MARK: Lending

  func lendingSentence(_ values: Values, _ decided: Decided, _ prose: Prose) -> String {
    let id = values.text("lending") ?? ""
    switch decided.events.first {
    case .lendingOffered(let body):
      return prose.say(
        ko: "\(body.lending): \(body.award)에 GPU \(body.gpus.grouped)장 대여를 제안했습니다. "
          + "빌리는 팀의 참여인력이 수락해야 합니다.",
        en: "\(body.lending): \(body.gpus.grouped) GPUs offered to \(body.award). "
          + "A member of its team has to conclude it.")
    case .lendingConcluded(let body):
      return prose.say(
        ko: "\(id) 체결: \(body.allocation), 마지막 날 \(body.term.to.lastBefore). 엔진에서 읽어 확인되면 적용됩니다.",
        en: "Concluded \(id): \(body.allocation), last day \(body.term.to.lastBefore). "
          + "It is enforced once it was read back.")
    case .lendingWithdrawn:
      return prose.say(ko: "\(id)을(를) 철회했습니다.", en: "Withdrew \(id).")
    case .lendingRecalled(let body):
      return prose.say(
        ko: "\(id)을(를) 돌려 달라고 통지했습니다. 마지막 날은 \(body.to.lastBefore)입니다.",
        en: "Asked back \(id): its last day is \(body.to.lastBefore).")
    case .lendingEnded:
      return prose.say(
        ko: "\(id)을(를) 돌려주었습니다. 삭제가 확인되면 빌려준 팀이 다시 씁니다.",
        en: "Gave back \(id). The lender has it again once it was wiped.")
    default: return Programme.unchanged(prose)
    }
  }
}
