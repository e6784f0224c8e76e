import Testing

/// People name a term's last day at a terminal, as on the pages; programs go on naming the day
/// after it.
struct LastDayTests {
  @Test func `a last day is given by --through, and older options still mean the day after it`()
    throws
  {
    let desk = try OfficeDesk()
    _ = try desk.award()
    let through = try desk.done(
      "supply", "capacity", "--from", "2026-03-16", "--through", "2026-12-31", "--json")
    let before = try desk.done(
      "supply", "capacity", "--from", "2026-03-16", "--to", "2027-01-01", "--json")
    #expect(through.out == before.out && !through.out.isEmpty)
    let window = [
      "supply", "maintenance", "naver-h200", "--gpus", "8", "--from", "2026-08-01", "--source",
      "chosun-20250515",
    ]
    let one = try desk.run(arguments: window + ["--through", "2026-08-02"])
    #expect(one.exitCode == 0 && one.out.contains("2026-08-01 – 2026-08-02"), "\(one.error)")
    let other = try desk.run(arguments: window + ["--to", "2026-08-03"])
    #expect(other.exitCode == 0 && other.out.contains("2026-08-01 – 2026-08-02"), "\(other.error)")
    for (given, sentence) in [
      ([], "Give the last day: --through."), (["--through", "soon"], "‘soon’ is no day"),
      (["--through", "2026-08-02", "--to", "2026-08-03"], "Give --through or --to, not both."),
      (["--through", "2026-07-31"], "The last day cannot be before --from."),
    ] {
      let run = try desk.run(arguments: window + given)
      #expect(run.exitCode == 2 && run.error.contains(sentence), "\(given): \(run.error)")
    }
    let amendment = ["amendment", "draft", "award-1", "--ground", "delay"]
    for end in [["--extend-through", "2027-05-31"], ["--extend-to", "2027-06-01"]] {
      let run = try desk.run(arguments: amendment + end)
      #expect(run.exitCode == 0, "\(run.error)")
    }
    let drafts = try desk.done("amendment", "list").out.split(separator: "\n")
    #expect(drafts.filter { $0.contains("last day 2027-05-31") }.count == 2, "\(drafts)")
  }

  @Test func `tables and terms have the last day in both languages, and JSON the day after`() throws
  {
    let desk = try OfficeDesk()
    _ = try desk.award()
    let json = try desk.done("award", "list", "--json").array()
    #expect(json.first?["to"] as? String == "2027-03-16")
    for (language, head, term) in [
      ("en_US.UTF-8", "last day", "2026-03-16 – 2027-03-15"),
      ("ko_KR.UTF-8", "마지막 날", "2026-03-16 ~ 2027-03-15"),
    ] {
      let list = try desk.run("award", "list", language: language).out
      #expect(list.contains(head) && list.contains("2027-03-15"), "\(list)")
      #expect(!list.contains("2027-03-16") && !list.contains("before") && !list.contains("전까지"))
      #expect(try desk.run("award", "show", "award-1", language: language).out.contains(term))
    }
  }
}
