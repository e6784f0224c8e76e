extension BrokenDocument {
  /// What one file alone does not show.
  static let sums: [BrokenDocument] = [
    BrokenDocument(
      "pools.yaml", "share: \"60%\"", "share: \"50%\"",
      "pools.yaml:4: The shares below ‘commons’ make 9/10, not 1.\n  "
        + "Below it: public-good 1/2, open 2/5."),
    BrokenDocument(
      "pools.yaml", "en: \"Commons (invented)\"}}",
      "en: \"Commons (invented)\"}, parent: health, share: \"1/1\"}",
      "pools.yaml:3: ‘commons’ is above itself.\n  Correct a parent.",
      "pools.yaml:4: ‘public-good’ is above itself.\n  Correct a parent.",
      "pools.yaml:6: ‘health’ is above itself.\n  Correct a parent."),
    BrokenDocument(
      "supply.yaml", "spares: 8", "spares: 150",
      "supply.yaml:17: ‘northquay-heron’: the operator's 16 and 150 spares exceed the line's "
        + "160 GPUs.\n  Correct the amounts."),
    BrokenDocument(
      "supply.yaml", "gpus: 160, on: 2026-03-20", "gpus: 200, on: 2026-03-20",
      "supply.yaml:22: ‘northquay-heron’ would have 200 GPUs delivered, but it has only 168.\n  "
        + "A step's gpus are those added that day, not the total."),
    BrokenDocument(
      "supply.yaml", "gpus: 56, on: 2026-06-29", "gpus: 50, on: 2026-06-29",
      "supply.yaml:43: ‘southfen-egret’ would have 96 GPUs in service but only 90 delivered.\n  "
        + "Write the steps in the order in which they happened, and check the amounts."),
    BrokenDocument(
      "supply.yaml", "on: 2026-12-15, confidence", "on: 2036-12-15, confidence",
      "supply.yaml:43: 2036-12-15 is outside the programme's days.\n  "
        + "`days` in programme.yaml: from 2026-01-01 to before 2030-01-01."),
    BrokenDocument(
      "supply.yaml", "servers: 24, firstSerial", "servers: 25, firstSerial",
      "supply.yaml:45: ‘southfen-egret’ has 25 servers registered, but only 24.\n  "
        + "Check that the serial ranges do not overlap."),
    BrokenDocument(
      "supply.yaml", "NQ-H4-0101", "NQ-H4-0020",
      "supply.yaml:30: ‘northquay-heron’ has servers whose serial numbers are taken.\n  "
        + "Correct the ranges: they overlap."),
    BrokenDocument(
      "supply.yaml", "NQ-H4-0101", "Mr. Hong 1",
      "supply.yaml:30: ‘Mr. Hong 1’ is no serial number.\n  "
        + "Use letters, digits and ‘-._/’ alone, and end in a number."),
    BrokenDocument(
      "supply.yaml", "gpus: 8, from: 2027-01-11", "gpus: 800, from: 2027-01-11",
      "supply.yaml:85: Maintenance of 800 GPUs, but ‘campus-heron’ has only 64.\n  "
        + "Correct the amount."),
    BrokenDocument(
      "supply.yaml", "to: 2027-01-14", "to: 2027-01-10",
      "supply.yaml:85: 2027-01-10 does not come after 2027-01-11.\n  "
        + "`to` is the first day that is out."),
    BrokenDocument(
      "fleet.yaml", "servers: 20", "servers: 21",
      "fleet.yaml:17: ‘northquay-a’, 21 servers × 4: 80 stands here, 84 is right.\n  "
        + "Correct whichever is wrong."),
    BrokenDocument(
      "calls.yaml", "value: 84", "value: 88",
      "calls.yaml:52: 88 GPUs of ‘southfen-egret’ are offered, at most 84 can be awarded.\n  "
        + "Spares and the operator's share cannot be awarded."),
    BrokenDocument(
      "supply.yaml", "model: egret-4\n", "\n",
      "calls.yaml:52: ‘southfen-egret’ has no model and cannot be offered.\n  "
        + "Name its model in supply.yaml.",
      "supply.yaml:45: ‘southfen-egret’ has servers registered, but no model.\n  "
        + "Name its model."),
    BrokenDocument(
      "calls.yaml", "to: 2027-12-01", "to: 2037-12-01",
      "calls.yaml:43: 2037-12-01 is outside the programme's days.\n  "
        + "`days` in programme.yaml: from 2026-01-01 to before 2030-01-01.",
      "calls.yaml:43: The period has 4018 days, too many.\n  At most 3660."),
    BrokenDocument(
      "calls.yaml", "closes: 2026-03-19T17:30", "closes: 2026-01-19T17:30",
      "calls.yaml:16: The round closes before it opens.\n  "
        + "`closes` is the first moment too late."),
    BrokenDocument(
      "calls.yaml", "closes: 2026-03-19T17:30", "closes: 2031-01-19T17:30",
      "calls.yaml:16: ‘closes’: 2031-01-19T17:30 is outside the programme's days.\n  "
        + "See `days` in programme.yaml."),
    BrokenDocument(
      "rules/round-2.yaml", "unit: 4", "unit: 8",
      "calls.yaml:52: The rules award units of 8 GPUs, a server of ‘southfen-egret’ has 4.\n  "
        + "Correct the rules' unit or the model's gpusPerServer."),
    BrokenDocument(
      "calls.yaml", "share: \"3/8\"", "share: \"2/8\"",
      "calls.yaml:14: The shares of the regions make 7/8, not 1.\n  "
        + "Correct the numbers in `synthetic`."),
    BrokenDocument(
      "calls.yaml", "applications: 14, servers: 28", "applications: 14, servers: 280",
      "calls.yaml:14: ‘health’: 14 applications cannot ask for 280 servers, with 1 to 4 each.\n  "
        + "Correct the numbers in `synthetic`."),
    BrokenDocument(
      "holidays.yaml", "on: 2027-01-03", "on: 2037-01-03",
      "holidays.yaml:1: 2037-01-03 is outside the programme's days.\n  "
        + "`days` in programme.yaml: from 2026-01-01 to before 2030-01-01."),
    BrokenDocument(
      "programme.yaml", "to: 2030-01-01", "to: 2099-01-01",
      "programme.yaml:8: The programme spans 26663 days.\n  It may span 11000."),
  ]

  /// Of Korea's first round, whose result was published.
  static let published: [BrokenDocument] = [
    BrokenDocument(
      "calls.yaml", "value: 13712", "value: 13720",
      "calls.yaml:41: 1714 servers × 8: 13720 stands here, 13712 is right.\n  "
        + "Correct whichever is wrong."),
    BrokenDocument(
      "calls.yaml", "value: 2624", "value: 2632",
      "calls.yaml:44: The tracks' selectedGPUs added up: 4224 stands here, 4232 is right.\n  "
        + "Correct whichever is wrong."),
    BrokenDocument(
      "calls.yaml", "applications: 322", "applications: 321",
      "calls.yaml:17: 513 invented applications, 514 were published.\n  "
        + "Correct the numbers in `synthetic`."),
    BrokenDocument(
      "calls.yaml", "servers: 426", "servers: 425",
      "calls.yaml:17: 1713 invented servers, 1714 were published.\n  "
        + "Correct the numbers in `synthetic`."),
    BrokenDocument(
      "calls.yaml", "value: 159", "value: 1590",
      "calls.yaml:42: 1590 were selected of only 514.\n  Correct whichever is wrong."),
  ]
}
