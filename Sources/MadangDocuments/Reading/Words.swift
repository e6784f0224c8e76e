internal import Foundation
internal import MadangProgramme

/// Texts, short names and words of a fixed list.
extension Value {
  /// Words for people, composed (NFC): one name has one spelling, whatever keyboard wrote it.
  func text(limit: Int = Limits.textScalarsMax) -> Text? {
    guard let (raw, _) = scalar() else { return nil }
    let composed = raw.precomposedStringWithCanonicalMapping
    guard composed.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
      emptyText()
      return nil
    }
    do {
      return try Text(composed, limit: limit)
    } catch {
      switch error {
      case .empty: emptyText()
      case .tooLong(let scalars, let limit):
        refuse(
          "‘\(shown(name))’이(가) \(scalars)자로 너무 깁니다.",
          "‘\(shown(name))’ has \(scalars) characters, too many.",
          hintKo: "최대 \(limit)자입니다.", hintEn: "At most \(limit) are taken.")
      case .forbiddenScalar(let scalar):
        refuse(
          "‘\(shown(name))’에 쓸 수 없는 문자 \(codePoint(scalar))가 있습니다.",
          "‘\(shown(name))’ holds the character \(codePoint(scalar)), which is refused.",
          hintKo: "줄바꿈과 제어 문자, 글 방향을 바꾸는 문자는 지우십시오.",
          hintEn: "Remove line breaks, controls and marks that turn the reading direction.")
      }
      return nil
    }
  }

  /// A name or label.
  func label() -> Text? { text(limit: Limits.labelScalarsMax) }

  private func emptyText() {
    refuse(
      "‘\(shown(name))’이(가) 비어 있습니다.", "‘\(shown(name))’ is empty.",
      hintKo: "글을 쓰십시오.", hintEn: "Write a text.")
  }

  /// `{ko: …, en: …}`.
  func bilingual(limit: Int = Limits.textScalarsMax) -> Bilingual? {
    guard let fields = fields(["ko", "en"]) else { return nil }
    let ko = fields["ko"]?.text(limit: limit)
    let en = fields["en"]?.text(limit: limit)
    guard let ko, let en else { return nil }
    return Bilingual(ko: ko, en: en)
  }

  /// A name of something, in both languages.
  func bilingualLabel() -> Bilingual? { bilingual(limit: Limits.labelScalarsMax) }

  func slug() -> Slug? {
    guard let (text, _) = scalar() else { return nil }
    guard let slug = Slug(text) else {
      refuse(
        "‘\(shown(text))’은(는) 짧은 이름이 아닙니다.", "‘\(shown(text))’ is no short name.",
        hintKo: "소문자 a–z, 숫자, 안쪽의 - 로 40자까지 쓰십시오.",
        hintEn: "Use a–z, 0–9 and inner hyphens, at most 40 characters.")
      return nil
    }
    return slug
  }

  /// The short name of something defined here.
  func slug(defining kind: Kind) -> Slug? {
    guard let slug = slug() else { return nil }
    reading.define(kind, slug.value, place)
    return slug
  }

  /// The short name of something defined anywhere in the folder.
  func reference(_ kind: Kind) -> Slug? {
    guard let slug = slug() else { return nil }
    reading.use(kind, slug.value, place)
    return slug
  }

  /// A list of short names, each once.
  func references(_ kind: Kind) -> [Slug]? {
    guard let batch = list({ item in item.reference(kind).map { ($0, item) } }) else { return nil }
    var seen: Set<Slug> = []
    for (slug, item) in batch.items where !seen.insert(slug).inserted {
      item.repeatedItem(slug.value)
    }
    return batch.items.map(\.0)
  }

  func repeatedItem(_ text: String) {
    refuse(
      "‘\(shown(text))’이(가) 두 번 있습니다.", "‘\(shown(text))’ stands here twice.",
      hintKo: "하나를 지우십시오.", hintEn: "Remove one.")
  }

  /// A supply line, `tranche/line`. The line's own short name is enough to know it.
  func lineReference() -> Slug? {
    guard let (text, _) = scalar() else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, Slug(String(parts[0])) != nil, let line = Slug(String(parts[1])) else {
      refuse(
        "‘\(shown(text))’은(는) 물량 내역이 아닙니다.", "‘\(shown(text))’ is no supply line.",
        hintKo: "‘도입물량/내역’처럼 쓰십시오.", hintEn: "Write it as ‘tranche/line’.")
      return nil
    }
    reading.use(.lineOfTranche, text, place)
    return line
  }

  /// One of a list of words.
  func word<Meaning>(_ words: KeyValuePairs<String, Meaning>) -> Meaning? {
    guard let (text, _) = scalar() else { return nil }
    if let found = words.first(where: { $0.key == text }) { return found.value }
    let known = words.map(\.key)
    let hint =
      nearest(to: text, in: known).map(didYouMean)
      ?? Wording(
        ko: "쓸 수 있는 낱말: \(known.joined(separator: ", ")).",
        en: "The words here are \(known.joined(separator: ", ")).")
    fault(
      Wording(
        ko: "‘\(shown(name))’에 쓸 수 없는 낱말입니다: ‘\(shown(text))’.",
        en: "‘\(shown(name))’ cannot be ‘\(shown(text))’."),
      hint: hint)
    return nil
  }

  /// `true` or `false`, and no other spelling.
  func flag() -> Bool? { word(["true": true, "false": false]) }
}

extension Fields {
  /// Reads a note that the format allows and the programme does not keep.
  func checkNote() { _ = self["note"]?.bilingual() }
}
