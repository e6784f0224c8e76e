internal import Yams

/// Composes a file's nodes without ever expanding an alias, and goes on after a repeated key.
final class PageParser {
  /// Repeated keys that are passed over before the file is given up.
  private static let repairsMax = 32

  private let file: String
  private let reading: Reading
  private(set) var repeatedKeys: [String: String] = [:]

  init(file: String, reading: Reading) {
    self.file = file
    self.reading = reading
  }

  /// The root node; nothing where the text is no YAML, or uses what this reader refuses.
  func root(of text: SourceText) -> Node? {
    // Aliases multiply: a kilobyte can stand for gigabytes. `_` where `*` stood leaves the same
    // structure without any alias, in which anchors can be looked for safely; with no anchor left,
    // the text itself is safe, for an alias then refers to nothing.
    if text.contains("*"), text.contains("&") {
      let before = reading.faultCount
      guard compose(text.replacing(every: "*", with: "_")) != nil,
        reading.faultCount == before
      else { return nil }
      repeatedKeys = [:]
    }
    return compose(text)
  }

  private func compose(_ original: SourceText) -> Node? {
    var text = original
    while true {
      do {
        // The resolver without rules: every scalar is text, and `on` is a key like any other.
        let parser = try Parser(
          yaml: text.string, resolver: .basic, constructor: .default, encoding: .utf8)
        guard let root = try parser.singleRoot() else {
          reading.fault(
            Place(file: file), Wording(ko: "파일이 비어 있습니다.", en: "The file is empty."),
            hint: Wording(
              ko: "형식은 \(reading.formatPage)에 있습니다.",
              en: "\(reading.formatPage) says what stands in it."))
          return nil
        }
        // Nodes hold their anchors weakly; the parser keeps them.
        let allowed = withExtendedLifetime(parser) { check(root) }
        return allowed ? root : nil
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        guard let repaired = pass(over: keys, at: context.mark, in: text) else { return nil }
        text = repaired
      } catch {
        report(error)
        return nil
      }
    }
  }

  /// The text with the first occurrence of a repeated key renamed, so that the rest can be read;
  /// the second is reported when the mapping is read.
  private func pass(over keys: [String], at mark: Mark, in text: SourceText) -> SourceText? {
    let number = UInt32(repeatedKeys.count)
    guard number < PageParser.repairsMax, let placeholder = Unicode.Scalar(0xE000 + number),
      let index = text.index(line: mark.line, column: mark.column),
      let key = keys.first(where: { text.has($0, at: index) })
    else {
      let name = shown(keys.first ?? "")
      reading.fault(
        Place(file: file, line: mark.line, column: mark.column),
        Wording(ko: "‘\(name)’ 키가 두 번 있습니다.", en: "The key ‘\(name)’ stands here twice."),
        hint: Wording(ko: "하나를 지우십시오.", en: "Remove one."))
      return nil
    }
    var masked = String.UnicodeScalarView([placeholder])
    masked.append(contentsOf: key.unicodeScalars.dropFirst())
    repeatedKeys[String(masked)] = key
    return text.replacing(index, with: placeholder)
  }

  /// Whether the tree holds neither anchors nor tags; reports each.
  private func check(_ root: Node) -> Bool {
    let before = reading.faultCount
    var pending = [root]
    while let node = pending.popLast() {
      if node.anchor != nil {
        refuseAlias(Place(file: file, line: node.mark?.line ?? 1, column: node.mark?.column))
        continue
      }
      checkTag(node)
      switch node {
      case .mapping(let mapping):
        for (key, value) in mapping { pending += [value, key] }
      case .sequence(let sequence): pending += sequence
      case .scalar, .alias: break
      }
    }
    return reading.faultCount == before
  }

  private func checkTag(_ node: Node) {
    let plain = ["tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"]
    let tag = node.tag.description
    guard !plain.contains(tag) else { return }
    reading.fault(
      Place(file: file, line: node.mark?.line ?? 1, column: node.mark?.column),
      Wording(ko: "태그 ‘\(shown(tag))’은 쓸 수 없습니다.", en: "The tag ‘\(shown(tag))’ is refused."),
      hint: Wording(ko: "태그(!)를 지우십시오.", en: "Remove the tag (!)."))
  }

  private func refuseAlias(_ place: Place) {
    reading.fault(
      place,
      Wording(
        ko: "앵커(&)와 별칭(*)은 쓸 수 없습니다.", en: "Anchors (&) and aliases (*) are refused."),
      hint: Wording(
        ko: "값을 그대로 다시 쓰십시오. 글이라면 따옴표로 묶으십시오.",
        en: "Write the value out; put quotes around a text that begins with & or *."))
  }

  private func report(_ error: any Error) {
    switch error {
    case YamlError.composer(_, "found undefined alias", let mark, _):
      refuseAlias(Place(file: file, line: mark.line, column: mark.column))
    case YamlError.composer(_, "but found another document", let mark, _):
      reading.fault(
        Place(file: file, line: mark.line, column: mark.column),
        Wording(
          ko: "한 파일에 문서가 둘 있습니다.", en: "A second document begins in this file."),
        hint: Wording(ko: "‘---’를 지우십시오.", en: "Remove the ‘---’."))
    case YamlError.scanner(_, let problem, let mark, _),
      YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      refuse(problem, Place(file: file, line: mark.line, column: mark.column))
    case YamlError.reader(let problem, _, _, _): refuse(problem, Place(file: file))
    default: refuse("unreadable", Place(file: file))
    }
  }

  private func refuse(_ problem: String, _ place: Place) {
    reading.fault(
      place,
      Wording(ko: "YAML로 읽을 수 없습니다: \(problem).", en: "This is not YAML: \(problem)."),
      hint: Wording(
        ko: "들여쓰기, 괄호, 따옴표를 확인하십시오.", en: "Check indentation, brackets and quotes."))
  }
}
