internal import MadangProgramme

/// Nothing is further along than what came before it, and the parts of a line fit into it.
struct SupplyChecks {
  private let reading: Reading
  private let files: FolderFiles
  private let days: CivilDays?

  init(_ reading: Reading, _ files: FolderFiles, _ days: CivilDays?) {
    self.reading = reading
    self.files = files
    self.days = days
  }

  func check() {
    for cluster in files.fleet?.clusters ?? [] { check(cluster) }
    for line in files.supply?.lines ?? [] {
      checkParts(line)
      checkSteps(line)
      checkUnits(line)
    }
    checkSerials()
    for window in files.supply?.maintenance ?? [] { check(window) }
  }

  /// No two servers have the same serial number, at no line.
  private func checkSerials() {
    var known: [AssetUnits] = []
    for line in files.supply?.lines ?? [] {
      for units in line.units {
        if known.contains(where: { $0.overlaps(units.value) }) {
          reading.fault(
            units.place,
            Wording(
              ko: "‘\(line.slug)’의 일련번호 가운데 이미 쓰인 것이 있습니다.",
              en: "‘\(line.slug)’ has servers whose serial numbers are taken."),
            hint: Wording(
              ko: "일련번호 범위가 겹치지 않게 고치십시오.", en: "Correct the ranges: they overlap."))
        }
        known.append(units.value)
      }
    }
  }

  private func check(_ cluster: ClusterDraft) {
    guard let model = files.model(cluster.model) else { return }
    let gpus = cluster.servers * model.gpusPerServer
    if cluster.gpus.value != gpus {
      reading.mismatch(
        cluster.gpus.place,
        ko: "‘\(cluster.slug)’ 서버 \(cluster.servers)대 × \(model.gpusPerServer)",
        en: "‘\(cluster.slug)’, \(cluster.servers) servers × \(model.gpusPerServer)",
        is: cluster.gpus.value, shouldBe: gpus)
    }
  }

  private func checkParts(_ line: LineDraft) {
    let share = line.operatorShare?.value ?? 0
    guard share + line.spares > line.gpus.value else { return }
    reading.fault(
      line.operatorShare?.place ?? line.place,
      Wording(
        ko: "‘\(line.slug)’ 운영사업자 몫 \(share)장과 예비 \(line.spares)장이 전체 "
          + "\(line.gpus.value)장을 넘습니다.",
        en: "‘\(line.slug)’: the operator's \(share) and \(line.spares) spares exceed the line's "
          + "\(line.gpus.value) GPUs."),
      hint: Wording(ko: "수량을 고치십시오.", en: "Correct the amounts."))
  }

  private func checkSteps(_ line: LineDraft) {
    var sums: [SupplyState: Int64] = [:]
    for step in line.steps {
      if let days, !days.covers(step.on) { reading.outside(step.place, step.on, days) }
      let total = sums[step.state, default: 0] + step.gpus
      sums[step.state] = total
      if total > line.gpus.most {
        reading.fault(
          step.place,
          Wording(
            ko: "‘\(line.slug)’의 \(step.state.name(.ko)) 누계 \(total)장이 전체 "
              + "\(line.gpus.most)장을 넘습니다.",
            en: "‘\(line.slug)’ would have \(total) GPUs \(step.state.name(.en)), "
              + "but it has only \(line.gpus.most)."),
          hint: Wording(
            ko: "단계의 gpus는 누계가 아니라 그날 더해진 수량입니다.",
            en: "A step's gpus are those added that day, not the total."))
        continue
      }
      for earlier in SupplyState.allCases where earlier < step.state && earlier != .retired {
        if let reached = sums[earlier], total > reached {
          ahead(line, step, total, earlier, reached)
        }
      }
    }
  }

  private func ahead(
    _ line: LineDraft, _ step: StepDraft, _ total: Int64, _ earlier: SupplyState, _ reached: Int64
  ) {
    reading.fault(
      step.place,
      Wording(
        ko: "‘\(line.slug)’의 \(step.state.name(.ko)) \(total)장이 \(earlier.name(.ko)) "
          + "\(reached)장보다 많아집니다.",
        en: "‘\(line.slug)’ would have \(total) GPUs \(step.state.name(.en)) but only \(reached) "
          + "\(earlier.name(.en))."),
      hint: Wording(
        ko: "단계를 일어난 순서대로 쓰고 수량을 확인하십시오.",
        en: "Write the steps in the order in which they happened, and check the amounts."))
  }

  private func checkUnits(_ line: LineDraft) {
    guard let first = line.units.first else { return }
    guard let slug = line.model else {
      reading.fault(
        first.place,
        Wording(
          ko: "‘\(line.slug)’에 자산이 있지만 기종이 없습니다.",
          en: "‘\(line.slug)’ has servers registered, but no model."),
        hint: Wording(ko: "model을 쓰십시오.", en: "Name its model."))
      return
    }
    guard let model = files.model(slug) else { return }
    let servers = line.gpus.value / model.gpusPerServer
    let registered = line.units.reduce(0) { $0 + $1.value.servers }
    if registered > servers {
      reading.fault(
        first.place,
        Wording(
          ko: "‘\(line.slug)’의 자산 \(registered)대가 서버 \(servers)대를 넘습니다.",
          en: "‘\(line.slug)’ has \(registered) servers registered, but only \(servers)."),
        hint: Wording(
          ko: "일련번호 범위가 겹치지 않는지 확인하십시오.",
          en: "Check that the serial ranges do not overlap."))
    }
  }

  private func check(_ window: MaintenanceDraft) {
    if let days {
      if !days.covers(window.term.from) { reading.outside(window.place, window.term.from, days) }
      if window.term.to > days.end { reading.outside(window.place, window.term.to, days) }
    }
    guard let line = files.line(window.line), window.gpus > line.gpus.value else { return }
    reading.fault(
      window.place,
      Wording(
        ko: "정비 물량 \(window.gpus)장이 ‘\(line.slug)’ 전체 \(line.gpus.value)장을 넘습니다.",
        en: "Maintenance of \(window.gpus) GPUs, but ‘\(line.slug)’ has only \(line.gpus.value)."),
      hint: Wording(ko: "수량을 고치십시오.", en: "Correct the amount."))
  }
}
