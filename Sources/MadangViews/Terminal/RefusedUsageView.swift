public import MadangProgramme

/// Usage of a cluster that was not taken, for whoever has to look into it.
public enum RefusedUsageView {
  /// `beyond` were not kept: there were too many.
  public static func answer(
    _ cluster: ClusterID, _ slice: Slice<RefusedSegment>, beyond: Int64 = 0, _ programme: Programme
  ) -> Answer {
    Answer(
      next: slice.next, json(slice, beyond),
      text: { prose in
        let text = text(slice, programme, prose)
        guard beyond > 0 else { return text }
        let count = beyond.grouped
        return text + "\n\n"
          + prose.say(
            ko: "이 밖에도 받지 않은 \(count)건이 왔지만, 너무 많아 보관하지 않았습니다.",
            en: "\(count) more came that were not taken, too many to be kept.")
      }
    ).noting("refused usage", "\(cluster)")
  }

  private static func json(_ slice: Slice<RefusedSegment>, _ beyond: Int64) -> JSON {
    guard case .object(let pairs) = slice.json({ json($0) }) else { return .null }
    return .object(pairs + [("beyond", .int(beyond))])
  }

  private static func json(_ row: RefusedSegment) -> JSON {
    let segment = row.segment
    return .object([
      ("job", .text("\(segment.key.job)")), ("segment", .int(Int64(segment.key.number))),
      ("allocation", .optional(segment.allocation?.description)),
      ("model", .text("\(segment.model)")), ("gpus", .int(Int64(segment.gpus))),
      ("from", .int(segment.from.seconds)), ("to", .int(segment.to.seconds)),
      ("received", .int(row.received.seconds)), ("code", .text(row.code)),
      (
        "reason",
        row.reason.map { .object([("ko", .text($0[.ko])), ("en", .text($0[.en]))]) } ?? .null
      ),
    ])
  }

  private static func text(
    _ slice: Slice<RefusedSegment>, _ programme: Programme, _ prose: Prose
  ) -> String {
    if slice.total == 0 {
      return prose.say(ko: "받지 않은 사용 기록이 없습니다.", en: "All usage that was sent was taken.")
    }
    var table = Table([
      (prose.say(ko: "받은 때", en: "received"), .left), (prose.say(ko: "작업", en: "job"), .left),
      (prose.say(ko: "할당", en: "allocation"), .left), ("GPU", .right),
      (prose.say(ko: "부터", en: "from"), .left), (prose.say(ko: "까지", en: "to"), .left),
      (prose.say(ko: "코드", en: "code"), .left), (prose.say(ko: "사유", en: "reason"), .left),
    ])
    for row in slice.items {
      let segment = row.segment
      table.add(
        prose.time(row.received, programme), "\(segment.key.job)/\(segment.key.number)",
        segment.allocation.map { "\($0)" } ?? "–", Int64(segment.gpus).grouped,
        prose.time(segment.from, programme), prose.time(segment.to, programme), row.code,
        row.reason?[prose.language] ?? "–")
    }
    return table.text
  }
}
