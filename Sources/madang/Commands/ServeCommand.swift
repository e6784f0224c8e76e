import ArgumentParser
import Foundation
import MadangJournal
import MadangProgramme
import MadangServer
import Synchronization

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Do the office's work until told to stop: agents, jobs, budgets, hours.",
    discussion: """
      Jobs are submitted and canceled beside it. Jobs that run go on when it ends, and are taken \
      over when it starts again.
      """)
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let office = try YardOffice(common)
    let stop = StopSignal()
    output.remark(
      ko: "\(common.folder.path)을(를) 맡았습니다. Ctrl-C로 끝냅니다.",
      en: "Working on \(common.folder.path). Ctrl-C ends it.")
    var known: [ClusterID: String] = [:]
    while !stop.isAsked {
      let next = try output.yarding { () throws(YardFailure) in try office.yard.round() }
      tell(office.yard, &known, output)
      let seconds = max(0, next.seconds - office.yard.now.seconds)
      try office.wait(milliseconds: seconds == 0 ? 20 : 200)
    }
    try office.close()
    output.remark(ko: "끝냈습니다.", en: "Done.")
  }

  /// Says what is new of what goes wrong, and what is mended.
  private func tell(_ yard: Yard, _ known: inout [ClusterID: String], _ output: Output) {
    for (segment, refusal) in yard.refusedUsage.take() {
      output.remark(
        ko: "사용량 \(segment.key.job)/\(segment.key.number): \(refusal.code) \(refusal.what(.ko))",
        en: "usage \(segment.key.job)/\(segment.key.number): \(refusal.code) \(refusal.what(.en))")
    }
    guard yard.troubles != known else { return }
    for cluster in yard.journal.programme.clusters.ids
    where yard.troubles[cluster] != known[cluster] {
      let slug = yard.journal.programme.clusters[cluster].slug
      let trouble = yard.troubles[cluster]
      output.remark(
        ko: "\(slug): \(trouble ?? "다시 정상입니다.")", en: "\(slug): \(trouble ?? "well again.")")
    }
    known = yard.troubles
  }
}

/// Whether somebody asked for the end: SIGINT or SIGTERM.
final class StopSignal {
  private let asked = Flag()
  private var sources: [any DispatchSourceSignal] = []

  private final class Flag: Sendable {
    let isSet = Atomic<Bool>(false)
  }

  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [asked] in asked.isSet.store(true, ordering: .relaxed) }
      source.resume()
      sources.append(source)
    }
  }

  var isAsked: Bool { asked.isSet.load(ordering: .relaxed) }
}
