import ArgumentParser
import Foundation
import MadangProgramme
import MadangViews

struct CallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Calls for applications, their tracks and criteria.",
    discussion: """
      Examples:
        madang call
        madang call --json
      """)
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    var lines: [String] = []
    var json: [JSON] = []
    programme.calls.forEach { id, call in
      let tracks = programme.tracks.ids.filter { programme.tracks[$0].call == id }
      let notice = programme.sources[call.notice]
      lines.append("\(call.name[output.language]) (\(id), \(call.slug))")
      lines.append(
        output.say(ko: "  공고", en: "  notice") + ": \(notice.publisher.value), \(notice.on)")
      for track in tracks {
        let row = programme.tracks[track]
        lines.append(
          output.say(ko: "  트랙", en: "  track")
            + " \(row.slug): \(row.name[output.language])"
            + " → \(programme.pools[row.pool].name[output.language])"
        )
      }
      for criterion in call.criteria {
        lines.append(
          output.say(ko: "  평가항목", en: "  criterion")
            + ": \(criterion.name[output.language]) (\(criterion.weight))")
      }
      json.append(
        .object([
          ("id", .text("\(id)")), ("slug", .text(call.slug.value)),
          ("tracks", .array(tracks.map { .text(programme.tracks[$0].slug.value) })),
          (
            "criteria",
            .array(
              call.criteria.map {
                .object([("slug", .text($0.slug.value)), ("weight", .int($0.weight))])
              })
          ),
        ]))
    }
    output.print(text: lines.joined(separator: "\n"), json: .array(json))
  }
}

struct ContractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contract",
    abstract: "Offers to the selected: conclude, decline; the next on the list moves up.",
    discussion: """
      Examples:
        madang contract list
        madang contract conclude application-17
        madang contract decline application-18
      """,
    subcommands: [ContractList.self, ContractConclude.self, ContractDecline.self],
    defaultSubcommand: ContractList.self)
}

struct ContractList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Offers and what became of them.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    var table = Table([
      (output.say(ko: "신청", en: "application"), .left), ("GPU", .right),
      (output.say(ko: "순위", en: "rank"), .right), (output.say(ko: "물량", en: "line"), .left),
      (output.say(ko: "기한", en: "accept by"), .left), (output.say(ko: "상태", en: "state"), .left),
    ])
    var json: [JSON] = []
    programme.offers.forEach { _, offer in
      let synthetic = programme.applications[offer.application].synthetic
      table.add(
        "\(offer.application)" + (synthetic ? output.say(ko: " (가상)", en: " (synthetic)") : ""),
        offer.gpus.grouped, "\(offer.rank)", programme.lines[offer.line].line.slug.value,
        offer.acceptBy.description,
        offer.standing.name(output.language)
          + (offer.pass == 3 ? output.say(ko: " (예비에서)", en: " (from the reserve)") : ""))
      json.append(
        .object([
          ("application", .text("\(offer.application)")), ("round", .text("\(offer.round)")),
          ("gpus", .int(offer.gpus)), ("rank", .int(offer.rank)), ("pass", .int(offer.pass)),
          ("line", .text("\(offer.line)")), ("acceptBy", .text(offer.acceptBy.description)),
          ("standing", .text("\(offer.standing)")), ("synthetic", .bool(synthetic)),
        ]))
    }
    output.print(text: table.text, json: .array(json))
  }
}

struct ContractConclude: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conclude", abstract: "Conclude the contract: the offer becomes an award.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.application(application, common.output)
    try office.give(.concludeContract(id), write)
    let awards = office.programme.awards
    let award = awards.ids.first { awards[$0].application == id }
    office.done(
      ko: "\(id)의 협약을 체결했습니다: \(award.map { "\($0)" } ?? "–").",
      en: "Concluded the contract of \(id): \(award.map { "\($0)" } ?? "–").")
  }
}

struct ContractDecline: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decline", abstract: "Decline the offer: the reserve list moves up.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.application(application, common.output)
    let before = office.programme.offers.count
    try office.give(.declineContract(id), write)
    let offers = office.programme.offers
    let moved = offers.ids.dropFirst(before).map { id in
      "\(offers[id].application) (\(offers[id].gpus))"
    }
    let list = moved.isEmpty ? "–" : moved.joined(separator: ", ")
    office.done(
      ko: "\(id)이(가) 포기했습니다. 예비에서 선정: \(list)",
      en: "\(id) declined. Moved up from the reserve list: \(list)")
  }
}
