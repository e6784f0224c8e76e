import MadangProgramme
import MadangViews

/// Small pieces that pages are put together from; `/components` shows them all.
enum Pieces {
  /// How sure a figure is: a word, and a mark for the eye.
  static func confidence(_ confidence: Confidence, _ context: PageContext) -> HTML {
    """
    <span class="badge c-\(confidence.rawValue)">\(context.name(confidence))</span>
    """
  }

  static func badge(_ text: String, _ tone: Tone) -> HTML {
    "<span class=\"badge t-\(tone.rawValue)\">\(text)</span>"
  }

  enum Tone: String, CaseIterable {
    case good, warn, bad, plain
  }

  static func simulated(_ context: PageContext) -> HTML {
    badge(context.say(ko: "모의", en: "simulated"), .plain)
  }

  /// The mark of a sum of which some is simulated, and how much where it is not all.
  static func simulated(_ inUse: GPUsInUse, _ context: PageContext) -> HTML {
    guard inUse.isSimulated else { return .none }
    if inUse.simulated == inUse.gpus { return simulated(context) }
    return badge(
      context.say(
        ko: "그중 모의 \(inUse.simulated.grouped)", en: "\(inUse.simulated.grouped) of them simulated"),
      .plain)
  }

  static func synthetic(_ context: PageContext) -> HTML {
    badge(context.say(ko: "가상", en: "synthetic"), .plain)
  }

  /// All that is claimed of one amount, side by side.
  static func claims(_ claims: Claims, _ context: PageContext) -> HTML {
    let parts = claims.all.map { figure -> HTML in
      """
      <li><span class="n">\(figure.value.grouped)</span> \(confidence(figure.confidence, context)) \
      \(source(figure.source, context)), \(context.date(figure.on))</li>
      """
    }
    return "<ul class=\"claims\">\(parts)</ul>"
  }

  /// Where a figure is from. An address outside is a link that says so.
  static func source(_ id: SourceID, _ context: PageContext) -> HTML {
    let source = context.programme.sources[id]
    guard let url = source.url?.value, url.hasPrefix("https://") || url.hasPrefix("http://") else {
      return "<cite>\(source.publisher.value)</cite>"
    }
    return """
      <cite><a href="\(url)" rel="external noreferrer" title="\(source.title.value)">\
      \(source.publisher.value)</a></cite>
      """
  }

  /// One large number, and what it is a part of.
  static func number(
    _ label: String, _ value: Int64, of whole: Int64?, note: HTML, _ context: PageContext
  ) -> HTML {
    let bar: HTML =
      whole.map { whole in
        """
        <meter min="0" max="\(max(1, whole))" value="\(value)">\(context.percent(value, of: whole))\
        </meter><span class="of">\(context.percent(value, of: whole))</span>
        """
      } ?? .none
    return """
      <div class="number"><dt>\(label)</dt><dd><b>\(value.grouped)</b>\(bar)\
      <span class="note">\(note)</span></dd></div>
      """
  }

  static func facts(_ rows: [(name: String, value: HTML)]) -> HTML {
    let parts = rows.map { row -> HTML in
      "<div><dt>\(row.name)</dt><dd>\(row.value)</dd></div>\n"
    }
    return "<dl class=\"facts\">\(parts)</dl>"
  }

  static func section(_ title: String, _ body: HTML, id: String? = nil) -> HTML {
    let mark: HTML = id.map { " id=\"\($0)\"" } ?? .none
    return "<section\(mark)><h2>\(title)</h2>\n\(body)</section>\n"
  }

  /// What is opened by whoever wants it: a title, and what stands below it.
  static func fold(_ title: String, _ body: HTML, id: String? = nil, isOpen: Bool = false) -> HTML {
    let mark: HTML = id.map { " id=\"\($0)\"" } ?? .none
    let open: HTML = isOpen ? " open" : .none
    return """
      <details class="fold"\(mark)\(open)><summary>\(title)</summary>
      \(body)</details>

      """
  }

  /// What happens one after the other, and how far it has come.
  static func steps(_ steps: [(name: String, value: String, isDone: Bool)]) -> HTML {
    let parts = steps.map { step -> HTML in
      let tone: HTML = step.isDone ? " class=\"done\"" : .none
      let mark: HTML = step.isDone ? "✓" : "○"
      return """
        <li\(tone)><span><i aria-hidden="true">\(mark)</i> \(step.name)</span>\
        <b>\(step.value)</b></li>

        """
    }
    return "<ol class=\"steps\">\(parts)</ol>\n"
  }

  /// The chain from agreement to ledger, with how much has reached each stage.
  static func corridor(_ steps: [(name: String, value: String, path: String)]) -> HTML {
    let parts = steps.map { step -> HTML in
      "<li><a href=\"\(step.path)\"><span>\(step.name)</span><b>\(step.value)</b></a></li>\n"
    }
    return "<ol class=\"corridor\">\(parts)</ol>"
  }

  static func empty(_ text: String) -> HTML { "<p class=\"empty\">\(text)</p>" }

  static func refusal(_ refusal: any Refusing, _ context: PageContext) -> HTML {
    """
    <div class="refusal" role="alert"><p><strong>\(refusal.what(context.language))</strong></p>
    <p>\(refusal.help(context.language)) <code>\(refusal.code)</code></p></div>
    """
  }
}
