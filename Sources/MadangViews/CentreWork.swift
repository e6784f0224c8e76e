public import MadangProgramme

/// One thing that a cluster waits for: what is not yet there as it should be.
///
/// It follows from the programme alone, so that the office and the centre read the same list. Which
/// servers it takes, the centre's own agent says in its work order.
public struct CentreWork: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The engine is to hold the allocation, or to hold it otherwise.
    case apply
    /// GPUs that should work do not.
    case mend
    case suspend, resume
    /// The team has to confirm its servers: nothing for the operator but to ask.
    case awaitTeam
    /// It is over, and the team may still read what it left.
    case keepReadable
    case wipe
  }

  public let task: Kind
  public let allocation: AllocationID
  public let award: AwardID
  /// Nothing for a budget of time.
  public let gpus: Int64?
  /// Since when it was found to be otherwise.
  public let since: Instant?
  /// The first day on which it is no longer to be done.
  public let until: Day?
}

extension Programme {
  /// What a cluster waits for: of what is bound, then of what is over, each in order of allocation.
  ///
  /// Complexity: O(allocations + departures).
  public func work(at cluster: ClusterID) -> [CentreWork] {
    var bound: [CentreWork] = []
    var over: [CentreWork] = []
    allocations.forEach { id, row in
      guard row.cluster == cluster else { return }
      if row.isBound, let task = row.task {
        let gpus = task == .mend ? row.missingGPUs : row.binding.gpus
        bound.append(
          CentreWork(
            task: task, allocation: id, award: row.award, gpus: gpus, since: row.driftSince,
            until: row.term.to))
      } else if row.standing == .ended {
        over.append(
          CentreWork(
            task: row.readableTo == nil ? .wipe : .keepReadable, allocation: id, award: row.award,
            gpus: row.heldGPUs, since: nil, until: row.readableTo))
      }
    }
    departures.forEach { _, row in
      guard row.cluster == cluster, row.stage != .returned else { return }
      let isReadable = row.stage == .readable
      over.append(
        CentreWork(
          task: isReadable ? .keepReadable : .wipe, allocation: row.allocation,
          award: allocations[row.allocation].award, gpus: row.gpus, since: nil,
          until: isReadable ? row.readableTo : nil))
    }
    return bound + over
  }
}

extension Allocation {
  /// What is to be done about one that is bound; nothing where it is as it should be.
  fileprivate var task: CentreWork.Kind? {
    switch drift {
    case .behind, .missing, .otherLimit: .apply
    case .otherSuspension: standing == .suspended ? .suspend : .resume
    case .notReady: .mend
    case .unconfirmed: .awaitTeam
    case .lingering: .wipe
    // Handed over before its term: it stays where it is.
    case .early: nil
    case nil: (enforcedGeneration ?? -1) < generation ? .apply : nil
    }
  }
}

extension AllocationLimit {
  fileprivate var gpus: Int64? {
    if case .reserved(let gpus) = self { gpus } else { nil }
  }
}

extension CentreWork.Kind {
  public func name(_ language: Language) -> String {
    switch self {
    case .apply: said(language, ko: "제공·적용", en: "provide and apply")
    case .mend: said(language, ko: "복구", en: "make work again")
    case .suspend: said(language, ko: "이용정지", en: "suspend")
    case .resume: said(language, ko: "이용재개", en: "resume")
    case .awaitTeam: said(language, ko: "수행기관의 인수 확인 대기", en: "wait for the team to confirm")
    case .keepReadable: said(language, ko: "읽기만 허용", en: "keep readable")
    case .wipe: said(language, ko: "회수·삭제 확인", en: "take back, wipe and certify")
    }
  }
}

extension Programme {
  func workAnswer(_ cluster: ClusterID) -> Answer {
    let rows = work(at: cluster)
    return Answer(
      .array(
        rows.map { row in
          .object([
            ("task", .text(row.task.rawValue)), ("allocation", .text("\(row.allocation)")),
            ("award", .text("\(row.award)")), ("gpus", .optional(row.gpus)),
            ("since", .optional(row.since?.seconds)), ("until", .optional(row.until?.description)),
          ])
        }),
      text: { prose in
        if rows.isEmpty {
          return prose.say(ko: "할 일이 없습니다.", en: "There is nothing to do.")
        }
        var table = Table([
          (prose.say(ko: "할 일", en: "work"), .left), (prose.say(ko: "할당", en: "allocation"), .left),
          (prose.say(ko: "배정", en: "award"), .left), ("GPU", .right),
          (prose.say(ko: "언제부터", en: "since"), .left),
          (prose.say(ko: "마지막 날", en: "last day"), .left),
        ])
        for row in rows {
          table.add(
            row.task.name(prose.language), "\(row.allocation)", "\(row.award)",
            row.gpus?.grouped ?? "–", row.since.map { prose.time($0, self) } ?? "–",
            row.until.map { "\($0.lastBefore)" } ?? "–")
        }
        return table.text
      })
  }
}
