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

    /// Of a field that is sent in several parts, one of them.
    func part(_ name: String, _ index: Int) -> String {
      let all = values.filter { $0.name == name }
      return all.indices.contains(index) ? all[index].value : ""
    }
  }

  /// Names the fields that the page gave and nobody typed, so that they stay so when the form is
  /// shown again.
  public static let givenField = "given"

  /// The form, where the caller may use it; nothing otherwise.
  ///
  /// `given` are the path's parts, and fields that the page knows, which are sent and not shown.
  /// `back` is where to go when it was done, `options` the choices of a field that neither the
  /// declaration nor the programme knows, `button` what it says instead of the operation's title.
  static func html(
    _ id: String, given: [(String, String)] = [], back: String,
    options: [String: [Field.Choice]] = [:], filled: Filled? = nil, button: String? = nil,
    _ context: PageContext
  ) -> HTML {
    guard let operation = Operation.named(id), let csrf = context.csrf else { return .none }
    var values = Values()
    for (name, value) in given { values.set(name, .text(value)) }
    guard operation.access.mayUse(context.caller, values, in: context.programme) else {
      return .none
    }
    let shown = operation.body.filter { field in !given.contains { $0.0 == field.name } }
      .filter { $0.matters(with: values) }
    let known = operation.body.filter { field in given.contains { $0.0 == field.name } }
    let hidden =
      given + known.map { (givenField, $0.name) }
      + [("csrf", csrf), ("key", context.formKey), ("back", back)]
    // Where a page has the form of several things, each has identifiers of its own.
    let prefix = ([id] + given.prefix(1).map(\.1)).joined(separator: "-")
    let fields = shown.map { field in
      let field = field.asNeeded(with: values)
      let shape =
        (options[field.name] ?? context.caller.choices(of: field, in: operation, values))
        .map { FieldShape.choices($0) }
        ?? FieldShape.of(field, in: operation, values, context)
      return FieldControl(field, id: "\(prefix)-\(field.name)", shape, filled, context).html
    }
    let tone: HTML = shown.isEmpty ? " class=\"one\"" : ""
    let inputs = hidden.map {
      "<input type=\"hidden\" name=\"\($0.0)\" value=\"\($0.1)\">" as HTML
    }
    return """
      <form method="post" action="/do/\(operation.id)"\(tone)>\(inputs)
      \(fields)<button>\(button ?? operation.title[context.language])</button></form>

      """
  }

  /// The page that shows a form again because something of it was refused: nothing typed is lost.
  public static func again(
    _ operation: Operation, given: [(String, String)], back: String,
    options: [String: [Field.Choice]] = [:], filled: Filled, because refusal: any Refusing,
    _ context: PageContext
  ) -> Page {
    Page(
      operation.title[context.language], in: nil,
      [
        .html(Pieces.refusal(refusal, context)),
        .html(
          html(
            operation.id, given: given, back: back, options: options, filled: filled, context)),
        .html("<p><a href=\"\(back)\">\(context.say(ko: "돌아가기", en: "Back"))</a></p>"),
      ])
  }
}

extension Field {
  /// Whether it has to do with what is known already; where that is not known, it may.
  fileprivate func matters(with known: Values) -> Bool {
    guard let use, let word = known.text(use.field) else { return true }
    return use.words.contains(word)
  }

  /// The same, required where what is known makes it so.
  fileprivate func asNeeded(with known: Values) -> Field {
    guard let use, let word = known.text(use.field), use.needed.contains(word) else { return self }
    return Field(name, kind, ko: title.ko, en: title.en)
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
