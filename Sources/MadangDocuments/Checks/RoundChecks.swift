internal import MadangProgramme

/// A round offers what there is, in its programme's days, and its published figures add up.
struct RoundChecks {
  private let reading: Reading
  private let files: FolderFiles
  private let days: CivilDays?

  init(_ reading: Reading, _ files: FolderFiles, _ days: CivilDays?) {
    self.reading = reading
    self.files = files
    self.days = days
  }

  func check() {
    for call in files.calls?.calls ?? [] {
      for round in call.rounds {
        let rules = files.ruleSets[round.rulesPath]
        checkPeriod(round)
        checkOffers(round, rules)
        if let published = round.published {
          if let rules { checkPublished(published, rules.unit) }
          checkTracks(published, of: call)
        }
        if let synthetic = round.synthetic { checkSynthetic(synthetic, round, call, rules) }
      }
    }
  }

  private func checkPeriod(_ round: RoundDraft) {
    if let days {
      if !days.covers(round.period.from) {
        reading.outside(round.place, round.period.from, days)
      }
      if round.period.to > days.end { reading.outside(round.place, round.period.to, days) }
    }
    if round.period.dayCount > Limits.periodDaysMax {
      reading.fault(
        round.place,
        Wording(
          ko: "이용 기간이 \(round.period.dayCount)일로 너무 깁니다.",
          en: "The period has \(round.period.dayCount) days, too many."),
        hint: Wording(
          ko: "최대 \(Limits.periodDaysMax)일입니다.", en: "At most \(Limits.periodDaysMax)."))
    }
  }

  private func checkOffers(_ round: RoundDraft, _ rules: RuleSetDraft?) {
    var offered: [Slug: Int64] = [:]
    for offer in round.offers {
      let total = offered[offer.line, default: 0] + offer.gpus.value
      offered[offer.line] = total
      guard let line = files.line(offer.line) else { continue }
      let kept = line.spares + (line.operatorShare?.value ?? 0)
      let most = line.gpus.most - kept
      // Parts that exceed the line are reported with the line.
      if kept <= line.gpus.value, total > most {
        reading.fault(
          offer.gpus.place,
          Wording(
            ko: "‘\(line.slug)’ \(total)장을 내놓지만 배정할 수 있는 것은 많아야 \(most)장입니다.",
            en: "\(total) GPUs of ‘\(line.slug)’ are offered, at most \(most) can be awarded."),
          hint: Wording(
            ko: "예비와 운영사업자 몫은 배정할 수 없습니다.",
            en: "Spares and the operator's share cannot be awarded."))
      }
      checkModel(offer, line, rules)
    }
  }

  private func checkModel(
    _ offer: RoundDraft.Offer, _ line: LineDraft, _ rules: RuleSetDraft?
  ) {
    guard let slug = line.model else {
      reading.fault(
        offer.gpus.place,
        Wording(
          ko: "기종을 모르는 ‘\(line.slug)’은(는) 내놓을 수 없습니다.",
          en: "‘\(line.slug)’ has no model and cannot be offered."),
        hint: Wording(ko: "supply.yaml에 model을 쓰십시오.", en: "Name its model in supply.yaml."))
      return
    }
    guard let model = files.model(slug), let rules, model.gpusPerServer != rules.unit
    else { return }
    reading.fault(
      offer.gpus.place,
      Wording(
        ko: "규칙의 단위 \(rules.unit)장이 ‘\(line.slug)’ 서버의 \(model.gpusPerServer)장과 다릅니다.",
        en: "The rules award units of \(rules.unit) GPUs, a server of ‘\(line.slug)’ has "
          + "\(model.gpusPerServer)."),
      hint: Wording(
        ko: "규칙의 unit이나 기종의 gpusPerServer를 고치십시오.",
        en: "Correct the rules' unit or the model's gpusPerServer."))
  }

  private func checkPublished(_ it: PublishedDraft, _ unit: Int64) {
    let pairs = [(it.servers, it.gpus), (it.selectedServers, it.selectedGPUs)]
    for (servers, gpus) in pairs where servers.value * unit != gpus.value {
      reading.mismatch(
        gpus.place, ko: "서버 \(servers.value)대 × \(unit)",
        en: "\(servers.value) servers × \(unit)", is: gpus.value,
        shouldBe: servers.value * unit)
    }
    for (selected, all) in [(it.selectedProjects, it.applications), (it.selectedGPUs, it.gpus)]
    where selected.value > all.value {
      reading.fault(
        selected.place,
        Wording(
          ko: "선정 \(selected.value)이(가) 신청 \(all.value)보다 많습니다.",
          en: "\(selected.value) were selected of only \(all.value)."),
        hint: Wording(ko: "둘 가운데 틀린 쪽을 고치십시오.", en: "Correct whichever is wrong."))
    }
  }

  /// Tracks may be left out of a publication; where all stand, they make the totals.
  private func checkTracks(_ it: PublishedDraft, of call: CallDraft) {
    let named = Set(it.byTrack.map(\.track))
    if named.count != it.byTrack.count {
      reading.fault(
        it.applications.place,
        Wording(
          ko: "byTrack에 같은 트랙이 두 번 있습니다.", en: "A track stands in byTrack twice."),
        hint: Wording(ko: "하나를 지우십시오.", en: "Remove one."))
      return
    }
    let all = call.tracks.allSatisfy { named.contains($0.slug) }
    let selected = it.byTrack.reduce(0) { $0 + $1.selectedGPUs.value }
    if selected > it.selectedGPUs.value || (all && selected != it.selectedGPUs.value) {
      reading.mismatch(
        it.selectedGPUs.place, ko: "트랙별 선정 합계", en: "The tracks' selectedGPUs added up",
        is: it.selectedGPUs.value, shouldBe: selected)
    }
    let asked = it.byTrack.compactMap(\.askedGPUs)
    let askedSum = asked.reduce(0) { $0 + $1.value }
    if askedSum > it.gpus.value
      || (all && asked.count == call.tracks.count && askedSum != it.gpus.value)
    {
      reading.mismatch(
        it.gpus.place, ko: "트랙별 신청 합계", en: "The tracks' askedGPUs added up",
        is: it.gpus.value, shouldBe: askedSum)
    }
  }

  /// Invented applications can be made: each asks for a server at least, and no more than allowed;
  /// and where a result was published, they make its totals.
  private func checkSynthetic(
    _ it: SyntheticDraft, _ round: RoundDraft, _ call: CallDraft, _ rules: RuleSetDraft?
  ) {
    let shares = Ratio.sum(it.regions.map(\.share))
    if shares != .one {
      refuse(
        round, "지역 비율의 합이 1이 아니라 \(shares.map { "\($0)" } ?? "?")입니다.",
        "The shares of the regions make \(shares.map { "\($0)" } ?? "?"), not 1.")
    }
    let names = it.tracks.map(\.track)
    if Set(names).count != names.count || Set(it.regions.map(\.region)).count != it.regions.count {
      refuse(
        round, "synthetic에 같은 트랙이나 지역이 두 번 있습니다.",
        "A track or a region stands in `synthetic` twice.")
    }
    for track in it.tracks {
      let most = track.applications * it.maxServers
      if track.servers < track.applications || track.servers > most {
        refuse(
          round,
          "‘\(track.track)’: 신청 \(track.applications)건이 서버 \(track.servers)대를 나눌 수 없습니다.",
          "‘\(track.track)’: \(track.applications) applications cannot ask for "
            + "\(track.servers) servers, with 1 to \(it.maxServers) each.")
      }
    }
    guard let published = round.published else { return }
    let applications = it.tracks.reduce(0) { $0 + $1.applications }
    if applications != published.applications.value {
      refuse(
        round, "가상의 신청 \(applications)건이 공개된 \(published.applications.value)건과 다릅니다.",
        "\(applications) invented applications, \(published.applications.value) were published.")
    }
    let servers = it.tracks.reduce(0) { $0 + $1.servers }
    if servers != published.servers.value {
      refuse(
        round, "가상의 서버 \(servers)대가 공개된 \(published.servers.value)대와 다릅니다.",
        "\(servers) invented servers, \(published.servers.value) were published.")
    }
  }

  private func refuse(_ round: RoundDraft, _ ko: String, _ en: String) {
    reading.fault(
      round.place, Wording(ko: ko, en: en),
      hint: Wording(ko: "synthetic의 숫자를 고치십시오.", en: "Correct the numbers in `synthetic`."))
  }
}
