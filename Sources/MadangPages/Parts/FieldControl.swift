import MadangProgramme
import MadangViews

/// One field of a form: its label, and what one fills in.
struct FieldControl {
  private let field: Field
  private let id: String
  private let shape: FieldShape?
  private let filled: ActionForm.Filled?
  private let context: PageContext

  init(
    _ field: Field, id: String, _ shape: FieldShape?, _ filled: ActionForm.Filled?,
    _ context: PageContext
  ) {
    self.field = field
    self.id = id
    self.filled = filled
    self.context = context
    switch field.kind {
    case .choice(let own): self.shape = shape ?? .choices(own)
    case .flag: self.shape = .choices([Field.Choice("true", ko: "예", en: "yes")])
    default: self.shape = shape
    }
  }

  var html: HTML {
    let title = field.title[context.language]
    switch shape {
    case .grid(let rows, let parts): return grid(rows, parts)
    case .ranked(let choices, let count):
      let inputs = (0..<count).map { index -> HTML in
        let place = context.say(ko: "\(index + 1)순위", en: "Choice \(index + 1)")
        let chosen = filled?.part(field.name, index) ?? ""
        let isRequired = field.isRequired && index == 0
        return """
          <label>\(place) \(select(choices, common("-\(index)", isRequired), chosen, isRequired))\
          </label>

          """
      }
      return group(title, inputs)
    case .parts(let names):
      let inputs = names.enumerated().map { index, name -> HTML in
        """
        <label>\(name) <input\(common("-\(index)", field.isRequired))\(number) \
        value="\(filled?.part(field.name, index) ?? "")"></label>

        """
      }
      return group(title, inputs)
    case .choices(let choices):
      let input = select(
        choices, common("", field.isRequired), filled?.value(field.name) ?? "", field.isRequired)
      return row(title, input)
    case .quoted(let choices):
      let input = select(
        choices, common("", field.isRequired), filled?.value(field.name) ?? "", field.isRequired,
        lang: " lang=\"\"")
      return row(title, input)
    case .suggestions(let words):
      let options = words.map { "<option value=\"\($0)\">" as HTML }
      return row(
        title, "\(box(" list=\"\(id)-known\""))<datalist id=\"\(id)-known\">\(options)</datalist>")
    case nil:
      if case .rows = field.kind {
        let value = filled?.value(field.name) ?? ""
        return row(
          title,
          """
          <textarea\(common("", field.isRequired)) rows="8" spellcheck="false">\(value)</textarea>
          """)
      }
      return row(title, box(.none))
    }
  }

  // MARK: Frames

  private func row(_ title: String, _ input: HTML) -> HTML {
    """
    <p class="field-row"><label for="\(id)">\(title)</label> \(input)</p>

    """
  }

  private func group(_ title: String, _ inputs: [HTML]) -> HTML {
    """
    <div class="field-row" role="group" aria-labelledby="\(id)"><span id="\(id)">\(title)</span>
    <div class="parts">\(inputs)</div></div>

    """
  }

  /// A line for each row, what was typed before those that came since.
  private func grid(_ rows: [FieldShape.Row], _ parts: [String]) -> HTML {
    let prefix = field.name + "/"
    var all = rows
    for (name, _) in filled?.values ?? [] where name.hasPrefix(prefix) {
      let key = String(name.dropFirst(prefix.count))
      if !all.contains(where: { $0.key == key }) {
        all.append(FieldShape.Row(key: key, name: key, path: ""))
      }
    }
    let heads = parts.map { "<th scope=\"col\" class=\"n\">\($0)</th>" as HTML }
    let lines = all.map { row -> HTML in
      let name: HTML = row.path.isEmpty ? "\(row.name)" : "<a href=\"\(row.path)\">\(row.name)</a>"
      let cells = parts.enumerated().map { index, part -> HTML in
        let value = filled?.part(prefix + row.key, index) ?? ""
        return """
          <td class="n"><span class="part" aria-hidden="true">\(part)</span>\
          <input name="\(prefix)\(row.key)"\(number) value="\(value)" \
          aria-label="\(row.name), \(part)"></td>
          """
      }
      return "<tr><th scope=\"row\">\(name)</th>\(cells)</tr>\n"
    }
    let title = field.title[context.language]
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="\(title)">
      <table class="entry"><thead><tr><th scope="col">\(context.say(
        ko: "신청", en: "Application"))</th>\(heads)</tr></thead>
      <tbody>\(lines)</tbody></table></div>

      """
  }

  // MARK: Inputs

  private func common(_ suffix: String, _ isRequired: Bool) -> HTML {
    let need: HTML = isRequired ? " required" : ""
    let isWrong = filled?.wrong == field.name
    let isFirst = suffix.isEmpty || suffix == "-0"
    let fault: HTML =
      isWrong ? (isFirst ? " aria-invalid=\"true\" autofocus" : " aria-invalid=\"true\"") : ""
    // A group's own identifier is its title's.
    return " id=\"\(id)\(suffix)\" name=\"\(field.name)\"\(need)\(fault)"
  }

  private func box(_ more: HTML) -> HTML {
    """
    <input\(common("", field.isRequired))\(kind)\(more) value="\(filled?.value(field.name) ?? "")">
    """
  }

  /// What has to be chosen is chosen by somebody: the first is not taken for them, but where there
  /// is no other.
  private func select(
    _ choices: [Field.Choice], _ common: HTML, _ value: String, _ isRequired: Bool,
    lang: HTML = .none
  ) -> HTML {
    let none: HTML =
      isRequired && choices.count == 1
      ? .none
      : isRequired
        ? "<option value=\"\">\(context.say(ko: "고르십시오", en: "Choose"))</option>"
        : "<option value=\"\"></option>"
    let options = choices.map { choice -> HTML in
      let chosen: HTML = choice.word == value ? " selected" : ""
      return """
        <option value="\(choice.word)"\(lang)\(chosen)>\(choice.title[context.language])</option>
        """
    }
    return "<select\(common)>\(none)\(options)</select>"
  }

  /// A whole number of a list.
  private var number: HTML {
    switch field.kind {
    case .integers(let range, _): numbers(range)
    case .rows(let fields, _):
      fields.lazy.compactMap { part -> HTML? in
        if case .integers(let range, _) = part.kind { self.numbers(range) } else { nil }
      }.first ?? .none
    default: .none
    }
  }

  private func numbers(_ range: ClosedRange<Int64>) -> HTML {
    " type=\"number\" min=\"\(range.lowerBound)\" max=\"\(range.upperBound)\" step=\"1\""
  }

  private var kind: HTML {
    switch field.kind {
    case .text(let max): " type=\"text\" maxlength=\"\(max)\""
    case .integer(let range): numbers(range)
    case .day, .endDay: " type=\"date\""
    case .minute: " type=\"time\""
    case .digest:
      " type=\"text\" pattern=\"[0-9a-f]{64}\" maxlength=\"64\" spellcheck=\"false\" data-digest"
    case .month: " type=\"month\""
    case .integers, .slugs, .slug, .identifier, .choice, .flag, .rows:
      " type=\"text\" spellcheck=\"false\" autocapitalize=\"none\""
    }
  }
}
