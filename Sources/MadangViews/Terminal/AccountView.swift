public import MadangProgramme

/// How accounts look, for people and machines.
enum AccountView {
  struct Row {
    let cluster: ClusterID
    let sealed: Hour?
    let month: MonthAccounts

    var sum: Int64 { month.seconds.reduce(0) { $0 + $1.count } }
  }

  /// `unmeasured` are clusters of which no hour was ever sealed: nothing is known of their GPUs,
  /// and that is said rather than left out.
  static func text(
    _ rows: [Row], _ unmeasured: [ClusterID], _ programme: Programme, readsOffice: Bool,
    _ prose: Prose
  ) -> String {
    var parts = rows.map { text($0, programme, readsOffice, prose) }
    if rows.isEmpty {
      parts.append(prose.say(ko: "아직 확정된 시간대가 없습니다.", en: "No hour is sealed yet."))
    }
    if !unmeasured.isEmpty {
      let list = unmeasured.map { id in
        let cluster = programme.clusters[id]
        let gpus = cluster.gpus.value.grouped
        return prose.say(ko: "\(cluster.slug) \(gpus)장", en: "\(cluster.slug) (\(gpus) GPUs)")
      }.joined(separator: ", ")
      parts.append(
        prose.say(ko: "미계측(확정된 시간대 없음): \(list)", en: "Unobserved, no hour sealed: \(list)"))
    }
    return parts.joined(separator: "\n\n")
  }

  private static func text(
    _ row: Row, _ programme: Programme, _ readsOffice: Bool, _ prose: Prose
  ) -> String {
    let cluster = programme.clusters[row.cluster]
    let month = row.month
    var table = Table([
      (prose.say(ko: "계정", en: "account"), .left), ("GPU s", .right), ("GPU h", .right),
      ("%", .right),
    ])
    for account in Account.allCases where month[account] != .zero || account == .unobserved {
      table.add(
        account.name(prose.language), month[account].count.grouped, month[account].hours,
        share(month[account].count, month.capacity.count))
    }
    table.rule()
    table.add(
      prose.say(ko: "합계", en: "sum"), row.sum.grouped, GPUSeconds(row.sum).hours,
      share(row.sum, month.capacity.count))
    let isEqual = row.sum == month.capacity.count
    table.add(
      prose.say(ko: "용량 × 시간", en: "capacity × time") + (isEqual ? " =" : " ≠"),
      month.capacity.count.grouped, month.capacity.hours, "")
    let title =
      "\(cluster.slug) (\(row.cluster)), \(programme.models[cluster.model].name.value), "
      + "\(month.month)"
    var lines = [title, table.text]
    lines.append(
      prose.say(
        ko: "확정 \(month.hours)시간, 정정 \(month.corrections)건",
        en: "\(counted(month.hours, "hour")) sealed, \(counted(month.corrections, "correction"))")
        + (row.sealed.map { prose.say(ko: ", \($0)까지", en: ", to \($0)") } ?? ""))
    if readsOffice, month.contradicted != .zero {
      lines.append(
        prose.say(
          ko: "서로 어긋난 관측: \(month.contradicted.count.grouped) GPU s (어느 계정에도 들지 않음)",
          en: "Facts that contradicted: \(month.contradicted.count.grouped) GPU s, in no account"))
    }
    return lines.joined(separator: "\n")
  }

  /// Hundredths of a percent, cut.
  private static func share(_ part: Int64, _ whole: Int64) -> String {
    guard whole > 0 else { return "–" }
    let share = Int64(Int128(part) * 10_000 / Int128(whole))
    let digits = String(share % 100)
    return "\(share / 100).\(digits.count == 1 ? "0" : "")\(digits)"
  }

  static func json(_ rows: [Row], _ programme: Programme, readsOffice: Bool) -> JSON {
    .array(
      rows.map { row in
        let cluster = programme.clusters[row.cluster]
        return .object([
          ("cluster", .text("\(row.cluster)")), ("slug", .text(cluster.slug.value)),
          ("model", .text(programme.models[cluster.model].slug.value)),
          ("month", .text("\(row.month.month)")),
          (
            "gpuSeconds",
            .object(Account.allCases.map { ($0.rawValue, .int(row.month[$0].count)) })
          ),
          ("sum", .int(row.sum)), ("capacity", .int(row.month.capacity.count)),
          ("equal", .bool(row.sum == row.month.capacity.count)),
          ("hours", .int(row.month.hours)), ("corrections", .int(row.month.corrections)),
          ("contradicted", readsOffice ? .int(row.month.contradicted.count) : .null),
          ("sealedTo", .optional(row.sealed.map { "\($0)" })),
        ])
      })
  }
}

extension GPUSeconds {
  /// GPU-hours with two decimals, cut.
  public var hours: String {
    let cut = count / 36
    let digits = String(cut.magnitude % 100)
    return (cut / 100).grouped + "." + (digits.count == 1 ? "0" : "") + digits
  }
}
