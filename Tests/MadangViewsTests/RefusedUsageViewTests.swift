import MadangViews
import Testing

@testable import MadangPages
@testable import MadangProgramme

/// Usage that was not taken, as those see it who have to look into it.
struct RefusedUsageViewTests {
  private static func refused(_ allocation: Int?) -> RefusedSegment {
    let segment = UsageSegment(
      key: UsageKey(cluster: ClusterID(1), job: EngineJob(high: 1, low: 2), number: 3),
      allocation: allocation.map { AllocationID($0) }, model: DeviceModelID(1), gpus: 8,
      from: Instant(60), to: Instant(120))
    let refusal = UsageRefusal.unknownAllocation(AllocationID(77))
    // Texts of a refusal that no rule refuses.
    func text(_ language: Language) -> Text { try! Text(refusal.what(language)) }
    return RefusedSegment(
      segment: segment, code: refusal.code,
      reason: Bilingual(ko: text(.ko), en: text(.en)), received: Instant(130))
  }

  private static func context(_ language: Language, _ caller: Caller) -> PageContext {
    var programme = AccessTests.programme()
    // Where the cluster's figure is from.
    let title = try! Text("notice")
    programme.sources.append(
      Source(
        slug: Slug("notice")!, title: title, publisher: title, on: Day("2026-01-01")!,
        dayKnown: true, url: nil))
    return PageContext(
      programme: programme, caller: caller, language: language,
      path: "/centres/cluster-1", query: [], now: Instant(200), csrf: nil, formKey: "")
  }

  private static func caller(_ role: Role, _ scope: Int32? = nil) -> Caller {
    Caller(account: "somebody", person: PersonID(1), grants: [Grant(role, scope: scope)!])
  }

  @Test func `a page says what was not taken and why, in both languages, the newest first`() {
    var found = ClusterPage.Found()
    found.refused = [Self.refused(1), Self.refused(77)]
    found.refusedCount = 2
    let reason = UsageRefusal.unknownAllocation(AllocationID(77))
    for language in [Language.ko, .en] {
      let context = Self.context(language, Self.caller(.auditor))
      let table = RefusedUsageTable.table(found, context)
      #expect(table.rows.count == 2 && !table.caption.contains("2"))
      let texts = table.rows.map { row in
        row.compactMap { if case .text(let text) = $0.value { text } else { nil } }
      }
      let job = "\(EngineJob(high: 1, low: 2))/3"
      #expect(texts[0] == [job, "allocation-77", "MDG-1509", reason.what(language)])
      #expect(texts[1] == [job, "allocation-1", "MDG-1509", reason.what(language)])
    }
    found.refusedCount = 300
    let english = Self.context(.en, Self.caller(.auditor))
    #expect(RefusedUsageTable.table(found, english).caption.contains("newest 2 of 300"))
  }

  @Test func `the office and the cluster's own operator see it on its page, and nobody else`() {
    let sees: [(Caller, Bool)] = [
      (.passerBy, false), (Self.caller(.officer), true), (Self.caller(.approver), true),
      (Self.caller(.auditor), true), (Self.caller(.operator, 1), true),
      (Self.caller(.operator, 2), false), (Self.caller(.team, 1), false),
    ]
    for (caller, isShown) in sees {
      let context = Self.context(.en, caller)
      let page = ClusterPage.page(ClusterID(1), ClusterPage.Found(), context)
      let names = page.parts.compactMap { part in
        if case .table(let table) = part { table.id } else { nil }
      }
      #expect(names.contains("refused-usage") == isShown, "\(caller.grants)")
    }
  }

  @Test func `an answer has both sentences, and words for a terminal`() {
    let programme = AccessTests.programme()
    let answer = RefusedUsageView.answer(
      ClusterID(1), Slice([Self.refused(77)], Values()), programme)
    let json = answer.json.pretty
    for language in [Language.ko, .en] {
      let reason = UsageRefusal.unknownAllocation(AllocationID(77)).what(language)
      #expect(json.contains(reason))
      #expect(answer.text(language).contains(reason) && answer.text(language).contains("MDG-1509"))
    }
    #expect(answer.seen?.subject == "cluster-1")
    let none = RefusedUsageView.answer(ClusterID(1), Slice([], Values()), programme)
    #expect(none.text(.en) == "All usage that was sent was taken.")
    #expect(json.contains("\"beyond\": 0"))
    let full = RefusedUsageView.answer(
      ClusterID(1), Slice([Self.refused(77)], Values()), beyond: 1_234, programme)
    #expect(full.json.pretty.contains("\"beyond\": 1234"))
    #expect(full.text(.en).hasSuffix("1,234 more came that were not taken, too many to be kept."))
    #expect(full.text(.ko).hasSuffix("1,234건이 왔지만, 너무 많아 보관하지 않았습니다."))
  }
}
