public import MadangProgramme

/// GPUs of one line in one state: a stretch of dots in the picture of all of them.
public struct FieldGroup: Sendable {
  public enum State: Int, Sendable, CaseIterable {
    /// Promised to or by a company that has not said more.
    case unattested
    case promised, contracted, delivered, inService, awarded, inUse

    public var word: String {
      switch self {
      case .unattested: "unattested"
      case .promised: "promised"
      case .contracted: "contracted"
      case .delivered: "delivered"
      case .inService: "inService"
      case .awarded: "awarded"
      case .inUse: "inUse"
      }
    }

    public func name(_ language: Language) -> String {
      switch self {
      case .unattested: said(language, ko: "증명서 미제출", en: "not attested")
      case .promised: said(language, ko: "약속", en: "promised")
      case .contracted: said(language, ko: "계약", en: "contracted")
      case .delivered: said(language, ko: "납품", en: "delivered")
      case .inService: said(language, ko: "가동", en: "in service")
      case .awarded: said(language, ko: "배정", en: "awarded")
      case .inUse: said(language, ko: "이용 중", en: "in use")
      }
    }
  }

  public let name: Bilingual
  public let state: State
  public let gpus: Int64
}

extension Allocation {
  /// What was read back equals what should be.
  public var isEnforced: Bool {
    standing == .live && drift == nil && enforcedGeneration.map { $0 >= generation } == true
  }
}

extension Programme {
  /// GPUs of their own that teams have and that were read back; those of simulated clusters too,
  /// which whoever shows it has to say.
  ///
  /// A budget of time names no GPUs, so it counts none here.
  public var gpusInUse: Int64 {
    allocations.ids.reduce(0) { sum, id in sum + gpusInUse(allocations[id]) }
  }

  private func gpusInUse(_ row: Allocation) -> Int64 {
    guard row.isEnforced, row.firstUse != nil, case .reserved(let gpus) = row.binding else {
      return 0
    }
    return gpus
  }

  /// Every promised GPU, line by line, by how far it has come.
  ///
  /// Complexity: O(lines × steps + offers + allocations).
  public func field(on day: Day) -> [FieldGroup] {
    let summary = supplySummary(on: day)
    var awarded: [LineID: Int64] = [:]
    var used: [LineID: Int64] = [:]
    awards.forEach { _, award in
      if award.ended == nil { awarded[award.line, default: 0] += award.gpus }
    }
    allocations.forEach { _, row in
      used[awards[row.award].line, default: 0] += gpusInUse(row)
    }
    var groups: [FieldGroup] = []
    for tranche in summary.tranches {
      for line in tranche.lines {
        let inUse = min(used[line.id] ?? 0, line.progress.inService)
        let given = min(max(awarded[line.id] ?? 0, inUse), line.progress.inService)
        let whole = max(line.line.gpus.value, line.progress.contracted)
        let steps: [(FieldGroup.State, Int64)] = [
          (.inUse, inUse), (.awarded, given - inUse),
          (.inService, line.progress.inService - given),
          (.delivered, max(0, line.progress.delivered - line.progress.inService)),
          (
            .contracted,
            max(0, line.progress.contracted - max(line.progress.delivered, line.progress.inService))
          ),
          (.promised, max(0, whole - max(line.progress.contracted, line.progress.delivered))),
        ]
        let name = name(of: line)
        for (state, gpus) in steps where gpus > 0 {
          groups.append(FieldGroup(name: name, state: state, gpus: gpus))
        }
      }
    }
    for (_, commitment) in summary.unattested {
      guard let gpus = commitment.gpus?.value else { continue }
      let whose = commitment.to.first ?? commitment.from
      groups.append(FieldGroup(name: parties[whose].name, state: .unattested, gpus: gpus))
    }
    return groups
  }

  private func name(of row: SupplySummary.LineRow) -> Bilingual {
    let site = sites[row.line.site].name
    guard let model = row.line.model else { return site }
    let name = models[model].name.value
    guard let ko = try? Text("\(site.ko.value), \(name)"),
      let en = try? Text("\(site.en.value), \(name)")
    else { return site }  // a name too long together: the site's alone
    return Bilingual(ko: ko, en: en)
  }

  /// The field for programs: counts in the order of the dots.
  public func fieldJSON(on day: Day) -> JSON {
    let groups = field(on: day)
    return .object([
      ("on", .text(day.description)),
      ("total", .int(groups.reduce(0) { $0 + $1.gpus })),
      (
        "states",
        .array(
          FieldGroup.State.allCases.map { state in
            .object([
              ("word", .text(state.word)), ("ko", .text(state.name(.ko))),
              ("en", .text(state.name(.en))),
            ])
          })
      ),
      (
        "groups",
        .array(
          groups.map { group in
            .object([
              ("ko", .text(group.name[.ko])), ("en", .text(group.name[.en])),
              ("state", .int(group.state.rawValue)), ("gpus", .int(group.gpus)),
            ])
          })
      ),
    ])
  }
}
