import ArgumentParser
import Foundation
import MadangControl
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews

struct ProgrammeExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: .said(
      ko: "Madang이 배치하는 클러스터와 실행·대기 중인 작업을 파일 하나로.",
      en: "The clusters that Madang dispatches, with what runs and waits, as one file."),
    discussion: .said(
      ko: """
        docs/schedule.md 형식의 파일: `madang schedule`은 결정을 한 번 하고, `madang simulate --from`은 \
        달랐다면 어떨지 묻습니다. 작업 이름, 사람, 실행 내용은 들어 있지 않습니다.
        """,
      en: """
        A file of docs/schedule.md: `madang schedule` decides it once, and `madang simulate \
        --from` asks what would be otherwise. Job names, people and what runs are not in it.
        """,
      examples: """
        madang programme export > state.yaml
        madang simulate --from state.yaml --weight startups=3
        """))
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    if let office = try YardOffice.ifFree(common) {
      try office.settle()
      try office.close()
    }
    let programme = try Office.read(common)
    let operations = try Office.operations(common)
    let file = try output.refusing { () throws(JournalError) in
      try ProgrammeExport.state(programme, operations)
    }
    guard let file else {
      throw Failure.unknown(
        output.say(ko: "Madang이 실행하는 클러스터", en: "a cluster that Madang dispatches"), output)
    }
    if file.leftOut > 0 {
      output.remark(
        ko: "작업 \(file.leftOut)개는 뺐습니다.", en: "\(file.leftOut) jobs are left out.")
    }
    output.print(text: file.text, json: .object([("state", .text(file.text))]))
  }

  private static func state(
    _ programme: Programme, _ operations: Operations
  ) throws(JournalError) -> StateFile? {
    // The exercise's moment, where this is one: the latest that was read back.
    var now = programme.now
    let open = try operations.openTasks()
    var books: [(ClusterID, JobBook)] = []
    for id in programme.clusters.ids where programme.bindings.row(id)?.engine?.kind == .local {
      if let observed = try operations.observed(id) { now = max(now, observed.at) }
      let tasks = open.filter { programme.allocations[$0.allocation].cluster == id }
      books.append((id, try JobBook(id, programme, operations, tasks, at: now)))
    }
    var parts: [StateFile.Part] = []
    for (id, book) in books {
      guard let (queue, model, up, _) = book.queue, up > 0 else { continue }
      var names: [PoolID: String] = [:]
      for pool in queue.pools { names[pool.pool] = "\(programme.pools[pool.pool].slug)" }
      parts.append(
        StateFile.Part(
          cluster: "\(programme.clusters[id].slug)", model: "\(programme.models[model].slug)",
          gpusPerServer: programme.models[model].gpusPerServer, up: up, queue: queue,
          poolNames: names))
    }
    return parts.isEmpty ? nil : StateFile(parts, now: now)
  }
}
