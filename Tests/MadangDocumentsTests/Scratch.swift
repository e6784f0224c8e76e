import Foundation
@testable import MadangDocuments
import MadangProgramme
import Testing

@Test func scratch() throws {
  let s = try Folder("saltmarsh")
  func show(_ name: String, _ folder: Folder) throws {
    print("@@ \(name)")
    for fault in try folder.read().diagnostics { print("@  \(fault.text(.en).replacing("\n", with: "⏎"))"); print("@ko \(fault.text(.ko).replacing("\n", with: "⏎"))") }
  }
  let cases: [(String, String, String, String)] = [
    ("unknownkey", "supply.yaml", "spares: 8", "spare: 8"),
    ("dup", "supply.yaml", "spares: 8", "spares: 8\n        spares: 9"),
    ("dupquoted", "supply.yaml", "spares: 8", "\"spares\": 8\n        spares: 9"),
    ("missing", "parties.yaml", ", kind: ministry", ""),
    ("wrongkind", "parties.yaml", "{ko: \"조석부 (가상)\", en: \"Ministry of Tides (invented)\"}", "Ministry"),
    ("dangling", "supply.yaml", "owner: computing-agency", "owner: computing-agencie"),
    ("dangling2", "agreements.yaml", "source: gazette-1", "source: something-else-entirely"),
    ("dupslug", "parties.yaml", "slug: saltworks", "slug: heronworks"),
    ("negative", "supply.yaml", "spares: 8", "spares: -8"),
    ("overflow", "supply.yaml", "spares: 8", "spares: 99999999999999999999"),
    ("underscore", "supply.yaml", "spares: 8", "spares: 1_000"),
    ("quotedint", "supply.yaml", "spares: 8", "spares: \"8\""),
    ("null", "supply.yaml", "spares: 8", "spares: ~"),
    ("shares", "pools.yaml", "share: \"60%\"", "share: \"50%\""),
    ("circle", "pools.yaml", "en: \"Commons (invented)\"}}", "en: \"Commons (invented)\"}, parent: health, share: \"1/1\"}"),
    ("ratio", "pools.yaml", "share: \"60%\"", "share: \"60\u{FF05}\""),
    ("parts", "supply.yaml", "spares: 8", "spares: 150"),
    ("steps", "supply.yaml", "gpus: 160, on: 2026-03-20", "gpus: 200, on: 2026-03-20"),
    ("ahead", "supply.yaml", "gpus: 160, on: 2026-03-02", "gpus: 100, on: 2026-03-02"),
    ("cluster", "fleet.yaml", "servers: 20", "servers: 21"),
    ("offer", "calls.yaml", "value: 84", "value: 88"),
    ("weekend", "holidays.yaml", "[fri, sat]", "[fri, saturday]"),
    ("day", "sources.yaml", "on: 2026-01-05", "on: 2026-02-30"),
    ("absurd", "sources.yaml", "on: 2026-01-05", "on: 1926-01-05"),
    ("outside", "calls.yaml", "to: 2027-12-01", "to: 2037-12-01"),
    ("closes", "calls.yaml", "closes: 2026-03-19T17:30", "closes: 2026-01-19T17:30"),
    ("skip", "calls.yaml", "closes: 2026-03-19T17:30", "closes: 2026-03-08T02:30"),
    ("weight", "calls.yaml", "weight: 50", "weight: 0"),
    ("rulesfile", "calls.yaml", "rules: rules/round-1.yaml", "rules: rules/round-11.yaml"),
    ("escape", "calls.yaml", "rules: rules/round-1.yaml", "rules: ../korea-2025/rules/round-1.yaml"),
    ("rulepool", "rules/round-1.yaml", "pool: health", "pool: healht"),
    ("ruleunit", "rules/round-1.yaml", "unit: 4", "unit: 8"),
    ("ruleword", "rules/round-1.yaml", "rule: no-tax-arrears", "rule: no-tax-arears"),
    ("ruleslug", "rules/round-1.yaml", "slug: round-1", "slug: round-9"),
    ("region", "rules/round-1.yaml", "region: south-fen", "region: north-fen"),
    ("regionshare", "calls.yaml", "share: \"3/8\"", "share: \"2/8\""),
    ("synth", "calls.yaml", "applications: 14, servers: 28", "applications: 14, servers: 280"),
    ("zone", "programme.yaml", "America/St_Johns", "America/St_John"),
    ("zone2", "programme.yaml", "America/St_Johns", "KST"),
    ("currency", "programme.yaml", "SMD", "doubloon"),
    ("days", "programme.yaml", "to: 2030-01-01", "to: 2020-01-01"),
    ("long", "programme.yaml", "to: 2030-01-01", "to: 2099-01-01"),
    ("anchor", "parties.yaml", "kind: ministry", "kind: &k ministry"),
    ("anchoralias", "parties.yaml", "kind: ministry", "kind: &k ministry, a: *k"),
    ("alias", "parties.yaml", "kind: ministry", "kind: *k"),
    ("tag", "parties.yaml", "kind: ministry", "kind: !!binary ministry"),
    ("syntax", "parties.yaml", "kind: ministry}", "kind: ministry"),
    ("tab", "supply.yaml", "    owner: computing-agency", "\towner: computing-agency"),
    ("twodocs", "pools.yaml", "# Three levels.", "a: 1\n---\n"),
    ("rlo", "parties.yaml", "Ministry of Tides", "Ministry \u{202E}of Tides"),
    ("ctrl", "parties.yaml", "Ministry of Tides", "Ministry \u{07}of Tides"),
    ("escapedctrl", "parties.yaml", "Ministry of Tides", "Ministry \\aof Tides"),
    ("newline", "parties.yaml", "Ministry of Tides", "Ministry \\nof Tides"),
    ("blank", "parties.yaml", "Ministry of Tides (invented)", " "),
    ("long", "parties.yaml", "Ministry of Tides (invented)", String(repeating: "가", count: 10_000)),
    ("longkey", "parties.yaml", "kind: ministry", String(repeating: "k", count: 900) + ": ministry"),
    ("complexkey", "parties.yaml", "kind: ministry", "{a: b}: ministry"),
    ("units", "supply.yaml", "servers: 24, firstSerial", "servers: 25, firstSerial"),
    ("maint", "supply.yaml", "gpus: 8, from: 2027-01-11", "gpus: 800, from: 2027-01-11"),
    ("maintdays", "supply.yaml", "to: 2027-01-14", "to: 2027-01-10"),
    ("lineref", "supply.yaml", "line: campus/campus-heron", "line: campus-heron"),
    ("lineref2", "supply.yaml", "line: campus/campus-heron", "line: lighthouse/campus-heron"),
    ("price", "prices.yaml", "amount: 3, published: true", "published: true"),
    ("rate", "prices.yaml", "[\"2.5%\", \"7.5%\"]", "[\"7.5%\", \"2.5%\"]"),
    ("offermodel", "supply.yaml", "model: egret-4\n", "\n"),
    ("emptyclaims", "supply.yaml", "gpus: [{value: 96, confidence: delivered, source: delivery-egret, on: 2026-06-01}]", "gpus: []"),
    ("bool", "programme.yaml", "exercise: true", "exercise: yes"),
    ("slug", "parties.yaml", "slug: peat-power", "slug: Peat_Power"),
    ("holidaytwice", "holidays.yaml", "on: 2026-03-22", "on: 2026-01-01"),
  ]
  for c in cases { try show(c.0, s.changing(c.1, c.2, c.3)) }
  var f = s; f.files["parties.yaml"] = nil; try show("nofile", f)
  f = s; f.files["parties.yaml"] = Array("parties:\n - {slug: a\n".utf8) + [0xFF, 0xFE]; try show("utf8", f)
  f = s; f.files["parties.yaml"] = []; try show("empty", f)
  f = s; f.files["holliday.yaml"] = []; try show("stray", f)
  var many = s
  many.change("supply.yaml", "spares: 8", "spare: 8\n        spare: 9"); many.change("parties.yaml", "kind: agency", "kind: agancy"); many.change("pools.yaml", "share: \"60%\"", "share: \"50%\""); many.change("fleet.yaml", "servers: 20", "servers: x"); try show("many", many)
  let k = try Folder("korea-2025")
  for c in [("pubsum", "value: 13712", "value: 13720"), ("track", "value: 2624", "value: 2632"), ("synth", "applications: 322", "applications: 321"), ("synthservers", "servers: 426", "servers: 425"), ("opens", "opens: 2025-12-22T00:00", "opens: 2025-12-22")] { try show("k-" + c.0, k.changing("calls.yaml", c.1, c.2)) }
}
