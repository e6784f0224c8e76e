extension BrokenDocument {
  private static let aliases = """
    parties.yaml:2: Anchors (&) and aliases (*) are refused.
      Write the value out; put quotes around a text that begins with & or *.
    """
  private static let whole = """
    ‘spares’ must be a whole number.
      Write digits only: no quotes, commas, underscores or points.
    """

  /// What is no YAML, or not the YAML of this format.
  static let form: [BrokenDocument] = [
    BrokenDocument(
      "supply.yaml", "spares: 8", "spare: 8",
      "supply.yaml:18: The key ‘spare’ is unknown.\n  Did you mean ‘spares’?"),
    BrokenDocument(
      "supply.yaml", "spares: 8", "spares: 8\n        spares: 9",
      "supply.yaml:19: The key ‘spares’ already stands on line 18.\n  Remove one."),
    BrokenDocument(
      "supply.yaml", "spares: 8", "spares: 8\n        spares: 9\n        spares: 10",
      "supply.yaml:19: The key ‘spares’ already stands on line 18.\n  Remove one.",
      "supply.yaml:20: The key ‘spares’ already stands on line 18.\n  Remove one."),
    BrokenDocument(
      "supply.yaml", "spares: 8", "\"spares\": 8\n        spares: 9",
      "supply.yaml:18: The key ‘spares’ stands here twice.\n  Remove one."),
    BrokenDocument(
      "parties.yaml", ", kind: ministry", "",
      "parties.yaml:2: The key ‘kind’ is missing.\n  "
        + "Programmes/README.md says what stands in it."),
    BrokenDocument(
      "parties.yaml", "{ko: \"조석부 (가상)\", en: \"Ministry of Tides (invented)\"}", "Ministry",
      "parties.yaml:2: ‘name’ must be a mapping of keys to values.\n  Its keys are ko, en."),
    BrokenDocument(
      "parties.yaml", "kind: ministry", "kind: [ministry]",
      "parties.yaml:2: ‘kind’ must be a single value.\n  Write it without [ ] or { }."),
    BrokenDocument(
      "supply.yaml", "steps: []", "steps: none",
      "supply.yaml:82: ‘steps’ must be a list.\n  Write lines that begin with ‘- ’, or [ ]."),
    BrokenDocument(
      "parties.yaml", "kind: ministry", "{a: b}: ministry",
      "parties.yaml:2: The key ‘kind’ is missing.\n  "
        + "Programmes/README.md says what stands in it.",
      "parties.yaml:2: A key must be a word.\n  The keys here are slug, name, kind, note."),
    BrokenDocument("parties.yaml", "kind: ministry", "kind: &k ministry", aliases),
    BrokenDocument("parties.yaml", "kind: ministry", "kind: &k ministry, a: *k", aliases),
    BrokenDocument("parties.yaml", "kind: ministry", "kind: *k", aliases),
    BrokenDocument(
      "parties.yaml", "kind: ministry", "kind: !!binary ministry",
      "parties.yaml:2: The tag ‘tag:yaml.org,2002:binary’ is refused.\n  Remove the tag (!)."),
    BrokenDocument(
      "parties.yaml", "kind: ministry}", "kind: ministry",
      "parties.yaml:3: This is not YAML: did not find expected ',' or '}'.\n  "
        + "Check indentation, brackets and quotes."),
    BrokenDocument(
      "supply.yaml", "    owner: computing-agency", "\towner: computing-agency",
      "supply.yaml:4: This is not YAML: found character that cannot start any token.\n  "
        + "Check indentation, brackets and quotes."),
    BrokenDocument(
      "pools.yaml", "# Three levels.", "a: 1\n---\n",
      "pools.yaml:2: A second document begins in this file.\n  Remove the ‘---’."),
    BrokenDocument(
      "parties.yaml", "Ministry of Tides", "Ministry \u{07}of Tides",
      "parties.yaml:2: The character U+0007 may not stand here.\n  Remove it."),
  ]

  /// Values that are not what their key says.
  static let values: [BrokenDocument] = [
    BrokenDocument(
      "supply.yaml", "spares: 8", "spares: -8",
      "supply.yaml:18: ‘spares’ cannot be -8.\n  It may be 0 to 10000000."),
    BrokenDocument(
      "supply.yaml", "spares: 8", "spares: 99999999999999999999",
      "supply.yaml:18: ‘spares’ cannot be 99999999999999999999.\n  It may be 0 to 10000000."),
    BrokenDocument(
      "prices.yaml", "amount: 1800", "amount: 9007199254740992",
      "prices.yaml:3: ‘amount’ cannot be 9007199254740992.\n  It may be 0 to 9007199254740991."),
    BrokenDocument("supply.yaml", "spares: 8", "spares: 1_000", "supply.yaml:18: " + whole),
    BrokenDocument("supply.yaml", "spares: 8", "spares: \"8\"", "supply.yaml:18: " + whole),
    BrokenDocument("supply.yaml", "spares: 8", "spares: 0x8", "supply.yaml:18: " + whole),
    BrokenDocument("supply.yaml", "spares: 8", "spares: 08", "supply.yaml:18: " + whole),
    BrokenDocument("supply.yaml", "spares: 8", "spares: 8.0", "supply.yaml:18: " + whole),
    BrokenDocument(
      "supply.yaml", "spares: 8", "spares: ~",
      "supply.yaml:18: ‘spares’ has no value.\n  "
        + "Give it one, or leave the key out where it may be left out."),
    BrokenDocument(
      "pools.yaml", "share: \"60%\"", "share: \"60\u{FF05}\"",
      "pools.yaml:4: ‘share’ must be a ratio.\n  "
        + "Write it like \"50%\", \"62.5%\", \"3/8\" or \"2.5\"."),
    BrokenDocument(
      "sources.yaml", "on: 2026-01-05", "on: 2026-02-30",
      "sources.yaml:3: ‘on’: ‘2026-02-30’ is no day.\n  Write it like 2026-03-03."),
    BrokenDocument(
      "sources.yaml", "on: 2026-01-05", "on: 1926-01-05",
      "sources.yaml:3: ‘on’ can hardly be 1926-01-05.\n  Use the years 2000 to 2100."),
    BrokenDocument(
      "sources.yaml", "on: 2026-06-01, dayKnown: false", "on: 2026-06-02, dayKnown: false",
      "sources.yaml:7: ‘delivery-egret’: where only the month is known, `on` is its first day.\n  "
        + "Write the first of the month, or leave dayKnown out."),
    BrokenDocument(
      "calls.yaml", "closes: 2026-03-19T17:30", "closes: 2026-03-08T02:30",
      "calls.yaml:16: ‘closes’: clocks skip 2026-03-08T02:30.\n  "
        + "Summer time begins then: write a time after the change."),
    BrokenDocument(
      "calls.yaml", "closes: 2026-03-19T17:30", "closes: 2026-03-19T24:00",
      "calls.yaml:16: ‘closes’: ‘2026-03-19T24:00’ is no moment.\n  "
        + "Write it like 2026-01-29T09:00."),
    BrokenDocument(
      "holidays.yaml", "[fri, sat]", "[fri, saturday]",
      "holidays.yaml:1: ‘weekend’ cannot be ‘saturday’.\n  "
        + "The words here are mon, tue, wed, thu, fri, sat, sun."),
    BrokenDocument(
      "programme.yaml", "exercise: true", "exercise: yes",
      "programme.yaml:9: ‘exercise’ cannot be ‘yes’.\n  The words here are true, false."),
    BrokenDocument(
      "programme.yaml", "SMD", "doubloon",
      "programme.yaml:6: ‘doubloon’ is no currency.\n  Write three capitals, like KRW."),
    BrokenDocument(
      "programme.yaml", "America/St_Johns", "America/St_John",
      "programme.yaml:5: The time zone ‘America/St_John’ is unknown.\n  "
        + "Did you mean ‘America/St_Johns’?"),
    BrokenDocument(
      "programme.yaml", "America/St_Johns", "KST",
      "programme.yaml:5: The time zone ‘KST’ is unknown.\n  Write it like Asia/Seoul."),
    BrokenDocument(
      "calls.yaml", "weight: 50", "weight: 0",
      "calls.yaml:10: ‘weight’ cannot be 0.\n  It may be 1 to 1000000."),
    BrokenDocument(
      "prices.yaml", "[\"2.5%\", \"7.5%\"]", "[\"7.5%\", \"2.5%\"]",
      "prices.yaml:9: ‘rate’ must be two ratios, the lowest and the highest.\n  "
        + "Write it like [\"5%\", \"10%\"]; neither may pass 100%."),
    BrokenDocument(
      "prices.yaml", "amount: 3, published: true", "published: true",
      "prices.yaml:2: ‘heron-hour’: a price has an amount where it is published, and only there."
        + "\n  Give the amount, or say published: false without one."),
  ]

  /// Names that nothing defines, or that two things have.
  static let names: [BrokenDocument] = [
    BrokenDocument(
      "supply.yaml", "owner: computing-agency", "owner: computing-agencie",
      "supply.yaml:4: There is no party ‘computing-agencie’.\n  Did you mean ‘computing-agency’?"),
    BrokenDocument(
      "agreements.yaml", "source: gazette-1", "source: something-else-entirely",
      "agreements.yaml:8: There is no source ‘something-else-entirely’.\n  "
        + "Use a name that is in sources.yaml."),
    BrokenDocument(
      "fleet.yaml", "slug: northquay-b", "slug: northquay-a",
      "fleet.yaml:18: There already is a cluster ‘northquay-a’ (fleet.yaml:17).\n  "
        + "Give it another name."),
    BrokenDocument(
      "calls.yaml", "slug: skill", "slug: benefit",
      "calls.yaml:11: There already is a criterion ‘benefit’ (calls.yaml:10).\n  "
        + "Give it another name."),
    BrokenDocument(
      "calls.yaml", "number: 2", "number: 1",
      "calls.yaml:43: ‘number: 1’ stands here twice.\n  Remove one."),
    BrokenDocument(
      "holidays.yaml", "on: 2026-03-22", "on: 2026-01-01",
      "holidays.yaml:4: ‘2026-01-01’ stands here twice.\n  Remove one."),
    BrokenDocument(
      "supply.yaml", "line: campus/campus-heron", "line: campus-heron",
      "supply.yaml:85: ‘campus-heron’ is no supply line.\n  Write it as ‘tranche/line’."),
    BrokenDocument(
      "supply.yaml", "line: campus/campus-heron", "line: campus/campus-herring",
      "supply.yaml:85: There is no line ‘campus/campus-herring’.\n  "
        + "Did you mean ‘campus/campus-heron’?"),
    BrokenDocument(
      "calls.yaml", "rules: rules/round-1.yaml", "rules: rules/round-11.yaml",
      "calls.yaml:29: There is no rule file ‘rules/round-11.yaml’.\n  "
        + "Did you mean ‘rules/round-1.yaml’?"),
    BrokenDocument(
      "calls.yaml", "rules: rules/round-1.yaml", "rules: ../korea-2025/rules/round-1.yaml",
      "calls.yaml:29: There is no rule file ‘../korea-2025/rules/round-1.yaml’.\n  "
        + "Use a name that is in rules/."),
    BrokenDocument(
      "rules/round-1.yaml", "pool: health", "pool: healht",
      "rules/round-1.yaml:5: There is no pool ‘healht’.\n  Did you mean ‘health’?"),
    BrokenDocument(
      "rules/round-1.yaml", "rule: no-tax-arrears", "rule: no-tax-arears",
      "rules/round-1.yaml:20: ‘rule’ cannot be ‘no-tax-arears’.\n  "
        + "Did you mean ‘no-tax-arrears’?"),
    BrokenDocument(
      "rules/round-1.yaml", "slug: round-1", "slug: round-9",
      "rules/round-1.yaml:1: The rule set ‘round-9’ stands in a file of another name.\n  "
        + "Name the file round-9.yaml."),
  ]
}
