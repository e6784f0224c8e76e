public import MadangProgramme
public import MadangViews

/// The form of an operation, drawn from its declaration: what a program would send, for people.
public enum ActionForm {
  /// What was filled in before, and what was wrong with it.
  public struct Filled: Sendable {
    public let values: [(name: String, value: String)]
    /// The field that was not taken.
    public let wrong: String?

    public init(values: [(name: String, value: String)], wrong: String?) {
      self.values = values
      self.wrong = wrong
    }

    func value(_ name: String) -> String? { values.last { $0.name == name }?.value }
  }

  /// The form, where the caller may use it; nothing otherwise.
  ///
  /// `given` are the path's parts, and fields that the page knows and does not ask for; `back` where to go when it was done, `options` the choices of a
  /// field that only the programme knows.
  static func html(
    _ id: String, given: [(String, String)] = [], back: String,
    options: [String: [Field.Choice]] = [:], filled: Filled? = nil, _ context: PageContext
  ) -> HTML {
    guard let operation = Operation.named(id), let csrf = context.csrf else { return .none }
    var values = Values()
    for (name, value) in given { values.set(name, .text(value)) }
    guard operation.access.mayUse(context.caller, values, in: context.programme) else {
      return .none
    }
    return form(operation, given, back, csrf, options, filled, context)
  }

  private static func form(
    _ operation: Operation, _ given: [(String, String)], _ back: String, _ csrf: String,
    _ options: [String: [Field.Choice]], _ filled: Filled?, _ context: PageContext
  ) -> HTML {
    let hidden = (given + [("csrf", csrf), ("key", context.formKey), ("back", back)])
      .map { "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" as HTML }
    let shown = operation.body.filter { field in !given.contains { $0.0 == field.name } }
    let fields = shown.map { field in
      control(field, operation.id, options[field.name], filled, context)
    }
    let tone: HTML = shown.isEmpty ? " class=\"one\"" : ""
    return """
      <form method="post" action="/do/\(operation.id)"\(tone)>\(hidden)
      \(fields)<button>\(operation.title[context.language])</button></form>
      """
  }

  private static func control(
    _ field: Field, _ form: String, _ options: [Field.Choice]?, _ filled: Filled?,
    _ context: PageContext
  ) -> HTML {
    let id = "\(form)-\(field.name)"
    let value = filled?.value(field.name) ?? ""
    let wrong = filled?.wrong == field.name
    let need: HTML = field.isRequired ? " required" : ""
    let fault: HTML = wrong ? " aria-invalid=\"true\" autofocus" : ""
    let common: HTML = " id=\"\(id)\" name=\"\(field.name)\"\(need)\(fault)"
    var choices = options
    if case .choice(let own) = field.kind { choices = own }
    if case .flag = field.kind { choices = [Field.Choice("true", ko: "예", en: "yes")] }
    let input: HTML =
      if let choices {
        select(choices, common, value, field.isRequired, context)
      } else if case .rows = field.kind {
        "<textarea\(common) rows=\"8\" spellcheck=\"false\">\(value)</textarea>"
      } else {
        "<input\(common)\(kind(field.kind)) value=\"\(value)\">"
      }
    return """
      <p class="field-row"><label for="\(id)">\(field.title[context.language])</label> \(input)</p>

      """
  }

  private static func select(
    _ choices: [Field.Choice], _ common: HTML, _ value: String, _ required: Bool,
    _ context: PageContext
  ) -> HTML {
    let none: HTML = required ? .none : "<option value=\"\"></option>"
    let options = choices.map { choice -> HTML in
      let chosen: HTML = choice.word == value ? " selected" : ""
      return "<option value=\"\(choice.word)\"\(chosen)>\(choice.title[context.language])</option>"
    }
    return "<select\(common)>\(none)\(options)</select>"
  }

  private static func kind(_ kind: Field.Kind) -> HTML {
    switch kind {
    case .text(let max): " type=\"text\" maxlength=\"\(max)\""
    case .integer(let range):
      " type=\"number\" min=\"\(range.lowerBound)\" max=\"\(range.upperBound)\" step=\"1\""
    case .day: " type=\"date\""
    case .digest:
      " type=\"text\" pattern=\"[0-9a-f]{64}\" maxlength=\"64\" spellcheck=\"false\" data-digest"
    case .month: " type=\"month\""
    case .integers, .slugs, .slug, .identifier, .choice, .flag, .rows:
      " type=\"text\" spellcheck=\"false\" autocapitalize=\"none\""
    }
  }

  /// The page that shows a form again because something of it was refused: nothing typed is lost.
  public static func again(
    _ operation: Operation, given: [(String, String)], back: String, filled: Filled,
    because refusal: any Refusing, _ context: PageContext
  ) -> Page {
    Page(
      operation.title[context.language], in: nil,
      [
        .html(Pieces.refusal(refusal, context)),
        .html(
          html(operation.id, given: given, back: back, filled: filled, context)),
        .html("<p><a href=\"\(back)\">\(context.say(ko: "돌아가기", en: "Back"))</a></p>"),
      ])
  }
}

extension Access {
  /// As `allows`; where the concern is a field of the form itself, whether any value could do.
  func mayUse(_ caller: Caller, _ values: Values, in programme: Programme) -> Bool {
    if case .concerned(.organisation, let roles) = self {
      return !caller.organisations.isEmpty || roles.contains { caller.has($0) }
    }
    return allows(caller, values, in: programme)
  }
}
