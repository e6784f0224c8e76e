import Foundation
import Testing

/// From a contract to servers, to a job and to its charge, as people do it on the command line.
@Suite(.serialized)
struct BindingTests {
  @Test func `servers are the team's when both sides say so, and then the clock starts`() throws {
    let desk = try OfficeDesk()
    let gpus = try desk.award()
    try desk.done(
      "allocation", "make", "award-1", "--cluster", "naver-h200-255", "--gpus", "\(gpus)", "--at",
      "2026-03-20T09:00")
    #expect(try desk.run("allocation", "drift").exitCode == 1)
    let waiting = try desk.done("allocation", "check")
    #expect(waiting.out.contains("unconfirmed") && waiting.out.contains("simulated"))
    let stranger = try desk.run("allocation", "confirm", "allocation-1", "--as", "lee")
    #expect(stranger.exitCode == 1 && stranger.error.contains("MDG-1410"))
    let confirmed = try desk.done(
      "allocation", "confirm", "allocation-1", "--as", "kim", "--at", "2026-03-20T09:05", "--json"
    ).object()
    #expect(confirmed["enforced"] as? Bool == true)
    // Not before it was confirmed: 09:05 in Seoul.
    #expect(confirmed["firstUse"] as? Int == 1_773_965_100)
    let award = try #require(
      try desk.done("award", "show", "award-1", "--json").object()["award"] as? [String: Any])
    // Four days late, and four days are given back: the line has room after the period.
    #expect(award["clock"] as? String == "2026-03-20")
    #expect(award["to"] as? String == "2027-03-20")
    #expect(award["owedDays"] as? Int == 0)
    #expect(try desk.run("allocation", "drift").exitCode == 0)
    #expect(try desk.done("ledger", "verify").exitCode == 0)
  }

  @Test func `an amendment needs a second person, and an end gives the servers back wiped`() throws
  {
    let desk = try OfficeDesk()
    let gpus = try desk.award()
    try desk.done(
      "allocation", "make", "award-1", "--cluster", "naver-h200-255", "--gpus", "\(gpus)", "--at",
      "2026-03-16T09:00")
    try desk.done("allocation", "confirm", "allocation-1", "--as", "kim")
    try desk.done(
      "amendment", "draft", "award-1", "--end", "--ground", "teamRequest", "--as", "park")
    let own = try desk.run("amendment", "approve", "amendment-1", "--as", "park")
    #expect(own.exitCode == 1 && own.error.contains("MDG-1412"))
    try desk.done("amendment", "approve", "amendment-1", "--as", "choi")
    try desk.done("allocation", "check")
    let row = try #require(try desk.done("allocation", "list", "--json").array().first)
    #expect(row["standing"] as? String == "returned")
    let inventory = try String(
      contentsOf: desk.folder.data.appendingPathComponent(
        "clusters/naver-h200-255/inventory.json"), encoding: .utf8)
    #expect(inventory.contains("simulated certificate 1") && !inventory.contains("holder"))
  }

  @Test func `a transfer wipes what it leaves, and says so until it is back`() throws {
    let desk = try OfficeDesk()
    _ = try desk.award()
    try desk.done(
      "allocation", "make", "award-1", "--cluster", "naver-h200-255", "--gpus", "8", "--at",
      "2026-03-16T09:00")
    try desk.done("allocation", "confirm", "allocation-1", "--as", "kim")
    try desk.done(
      "amendment", "draft", "award-1", "--transfer", "allocation-1", "--cluster", "embedded",
      "--ground", "operatorRequest", "--as", "park")
    try desk.done("amendment", "approve", "amendment-1", "--as", "choi")
    let shown = try desk.done("allocation", "show", "allocation-1").out
    #expect(shown.contains("left at naver-h200-255, 8 GPUs: to be wiped"), "\(shown)")
    let korean = try desk.run("allocation", "show", "allocation-1", language: "ko_KR.UTF-8").out
    #expect(korean.contains("naver-h200-255에 남긴 GPU 8장: 삭제 확인 대기"), "\(korean)")
    // The operator wipes and certifies; the next look finds it.
    try desk.done("allocation", "check")
    let row = try desk.done("allocation", "show", "allocation-1", "--json").object()
    let left = try #require((row["left"] as? [[String: Any]])?.first)
    #expect(left["stage"] as? String == "returned" && left["certificate"] as? String != nil)
    #expect(row["enforced"] as? Bool == true && row["cluster"] as? String == "embedded")
    #expect(try desk.done("ledger", "verify").exitCode == 0)
  }

  @Test func `a team lends another GPUs of its own, and has them back when they are given back`()
    throws
  {
    let desk = try OfficeDesk()
    _ = try desk.award()
    let offers = try desk.run("contract", "list", "--json").array()
    let second = try #require(
      offers.first { $0["standing"] as? String == "open" && $0["line"] as? String == "line-3" })
    try desk.done("contract", "conclude", try #require(second["application"] as? String))
    try desk.done("award", "add-member", "award-2", "--person", "lee")
    try desk.done(
      "allocation", "make", "award-1", "--cluster", "embedded", "--gpus", "8", "--at",
      "2026-03-16T09:00")
    try desk.done("allocation", "check")
    let offer = [
      "lending", "offer", "allocation-1", "--gpus", "4", "--to", "award-2", "--through",
      "2026-05-31", "--notice", "7", "--as",
    ]
    let stranger = try desk.run(arguments: offer + ["lee"])
    #expect(stranger.exitCode == 1 && stranger.error.contains("MDG-1410"), "\(stranger.error)")
    #expect(try desk.run(arguments: offer + ["kim"]).out.contains("offered to award-2"))
    try desk.done("lending", "conclude", "lending-1", "--as", "lee")
    try desk.done("allocation", "check")
    let shown = try desk.done("allocation", "show", "allocation-1").out
    #expect(shown.contains("lends 4 GPUs to award-2 (lending-1, last day 2026-05-31)"), "\(shown)")
    let korean = try desk.run("allocation", "show", "allocation-2", language: "ko_KR.UTF-8").out
    #expect(korean.contains("allocation-1에서 빌림(lending-1, 마지막 날 2026-05-31)"), "\(korean)")
    let lent = try desk.done("allocation", "show", "allocation-2", "--json").object()
    #expect(lent["enforced"] as? Bool == true && lent["lending"] as? String == "lending-1")
    // The lender has four left, the borrower the other four.
    let tooMany = try desk.run(
      "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "5", "--time",
      "1", "--", "true")
    #expect(tooMany.exitCode == 1 && tooMany.error.contains("MDG-1618"), "\(tooMany.error)")
    try desk.done(
      "job", "submit", "--as", "lee", "--allocation", "allocation-2", "--gpus", "4", "--time",
      "1", "--output", desk.folder.url.appendingPathComponent("%j").path, "--", "true")
    try desk.done("job", "wait", "job-1", "--timeout", "60")
    #expect(try desk.job("job-1")["ending"] as? String == "exited")
    let back = try desk.run("lending", "end", "lending-1", "--as", "lee", language: "ko_KR.UTF-8")
    #expect(back.exitCode == 0 && back.out.contains("돌려주었습니다"), "\(back.error)")
    try desk.done("allocation", "check")
    let rows = try desk.done("allocation", "list", "--json").array()
    #expect(rows.map { $0["standing"] as? String } == ["live", "returned"])
    #expect(rows.first?["lentGPUs"] as? Int == 0 && rows.first?["enforced"] as? Bool == true)
    #expect(try desk.done("lending").out.contains("back"))
    #expect(try desk.done("ledger", "verify").exitCode == 0)
  }

  @Test func `a job runs, and what it used is in its allocation's budget`() throws {
    let desk = try OfficeDesk()
    try desk.budget()
    let output = desk.folder.url.appendingPathComponent("%x-%j.txt").path
    try desk.done(
      "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "2", "--time",
      "1", "--name", "greeting", "--output", output, "--", "sh", "-c",
      "echo hello from $MADANG_JOB; sleep 1.2")
    try desk.done("job", "wait", "job-1", "--timeout", "60")
    let job = try desk.job("job-1")
    #expect(job["ending"] as? String == "exited" && job["exitCode"] as? Int == 0)
    #expect(try desk.done("job", "logs", "job-1").out == "hello from job-1\n")
    let shown = try desk.done("job", "show", "job-1").out
    #expect(shown.contains("greeting") && shown.contains("succeeded"))
    #expect(try desk.run("job", "list", language: "ko_KR.UTF-8").out.contains("성공"))
    let seconds = try #require(job["ended"] as? Int) - (try #require(job["started"] as? Int))
    #expect(seconds >= 1)
    let left = try desk.run(
      "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "1", "--time",
      "10:00:00", "--", "true")
    // Of ten hours what the job used is gone, so that ten hours more are refused by forecast.
    #expect(left.exitCode == 1 && left.error.contains("MDG-1617"), "\(left.error)")
    #expect(left.error.contains("\(36_000 - 2 * seconds) are left"), "\(left.error)")
  }

  @Test func `usage is the same sum, whatever it is added up by`() throws {
    let desk = try OfficeDesk()
    try desk.budget()
    try desk.done(
      "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "3", "--time",
      "1", "--output", "/dev/null", "--", "sleep", "2.1")
    try desk.done("job", "wait", "job-1", "--timeout", "60")
    let job = try desk.job("job-1")
    let seconds = try #require(job["ended"] as? Int) - (try #require(job["started"] as? Int))
    // Hours later it is sealed.
    try desk.done("award", "add-member", "award-1", "--person", "lee", "--at", "2026-03-16T14:00")
    try desk.done("allocation", "check")
    for by in ["award", "allocation", "project", "pool", "centre", "cluster", "month"] {
      let rows = try desk.done("usage", "--by", by, "--json").array()
      #expect(rows.count == 1 && rows.first?[by] is String, "\(rows)")
      let sums = try #require(rows.first?["gpuSeconds"] as? [String: Int])
      #expect(sums["used"] == 3 * seconds && sums["charged"] == 3 * seconds, "\(by): \(sums)")
    }
    #expect(try desk.done("usage", "--month", "2026-04", "--json").array().isEmpty)
    let accounts = try desk.done("account", "--cluster", "embedded", "--json").array()
    let account = try #require(accounts.first?["gpuSeconds"] as? [String: Int])
    #expect(account["used"] == 3 * seconds && accounts.first?["equal"] as? Bool == true)
    #expect(try desk.done("ledger", "verify").exitCode == 0)
  }

  @Test func `a programme with its waiting work is exported, decided and asked what if`() throws {
    let desk = try OfficeDesk()
    try desk.budget("1000h")
    for _ in 0..<3 {
      try desk.done(
        "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "4", "--time",
        "1:00:00", "--output", desk.folder.url.appendingPathComponent("%j").path, "--", "sleep",
        "600")
    }
    let file = desk.folder.url.appendingPathComponent("state.yaml")
    let text = try desk.done("programme", "export").out
    try Data(text.utf8).write(to: file)
    #expect(text.contains("running:") && text.contains("job: job-1, pool: "), "\(text)")
    #expect(!text.contains("sleep"))
    let decision = try desk.done("schedule", file.path, "--json").object()
    #expect((decision["start"] as? [Any])?.isEmpty == true, "\(text)")
    let more = try desk.done(
      "simulate", "--from", file.path, "--add", "embedded=1x16", "--json"
    ).object()
    let waits = try ["before", "after"].map { side in
      let pools = (more[side] as? [String: Any])?["pools"] as? [[String: Any]]
      return try #require(pools?.last?["waitSeconds"] as? Int)
    }
    #expect(waits[0] > 0 && waits[1] == 0, "\(waits) \(text)")
    for job in 1...3 { try desk.done("job", "cancel", "job-\(job)") }
    for job in 1...3 { _ = try desk.run("job", "wait", "job-\(job)", "--timeout", "60") }
  }

  @Test func `nobody submits for a team that is not theirs, or more than there is`() throws {
    let desk = try OfficeDesk()
    try desk.budget("1h")
    for (code, arguments) in [
      ("MDG-1410", ["--as", "lee", "--gpus", "1", "--time", "1"]),
      ("MDG-1617", ["--as", "kim", "--gpus", "8", "--time", "10"]),
      ("MDG-1616", ["--as", "kim", "--gpus", "1"]),
      ("MDG-1608", ["--as", "kim", "--gpus", "x", "--time", "1"]),
      ("MDG-1003", ["--as", "kim", "--time", "1", "--allocation", "allocation-9"]),
    ] {
      let allocation = arguments.contains("--allocation") ? [] : ["--allocation", "allocation-1"]
      for (language, hangul) in [("en_US.UTF-8", false), ("ko_KR.UTF-8", true)] {
        let run = try CommandLineRun(
          ["job", "submit"] + arguments + allocation + ["--", "true"],
          environment: ["MADANG_DATA": desk.folder.data.path, "LANG": language])
        #expect(run.exitCode == 1 && run.error.contains(code), "\(code): \(run.error)")
        let isKorean = run.error.unicodeScalars.contains { (0xAC00...0xD7A3).contains($0.value) }
        #expect(isKorean == hangul, "\(run.error)")
      }
    }
    #expect(try desk.done("job", "list", "--json").array().isEmpty)
  }

  @Test func `a script's directives are followed, and what waits says why`() throws {
    let desk = try OfficeDesk()
    try desk.budget()
    let script = desk.folder.url.appendingPathComponent("sweep.sh")
    try """
    #!/bin/bash
    #SBATCH --job-name=sweep --account=allocation-1
    #SBATCH --gpus=4
    #SBATCH --time=00:01:00
    #SBATCH --array=0-2%1
    #SBATCH --output=\(desk.folder.url.path)/%A-%a.txt
    #SBATCH --mem=4G
    echo step $SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_JOB_ID
    """.write(to: script, atomically: true, encoding: .utf8)
    let submitted = try desk.done("job", "submit", "--as", "kim", script.path)
    #expect(submitted.error.contains("--mem"))
    try desk.done(
      "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--time", "1",
      "--dependency", "afternotok:1", "--", "true")
    try desk.done("job", "wait", "job-1", "--timeout", "60")
    for index in 0...2 {
      let text = try String(
        contentsOf: desk.folder.url.appendingPathComponent("1-\(index).txt"), encoding: .utf8)
      #expect(text == "step \(index) of 1\n")
    }
    let why = try desk.done("job", "why", "job-2").out
    #expect(why.contains("afternotok:1"), "\(why)")
    try desk.done("job", "cancel", "job-2")
    #expect(try desk.job("job-2")["ending"] as? String == "canceled")
  }
}
