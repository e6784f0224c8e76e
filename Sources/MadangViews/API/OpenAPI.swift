import MadangProgramme

/// The OpenAPI 3.1 document, from the declarations that dispatch and check.
public enum OpenAPI {
  public static func document(version: String) -> JSON {
    var paths: [(String, [(String, JSON)])] = []
    for operation in Operation.all {
      let item = (operation.method.rawValue, self.operation(operation))
      if let place = paths.firstIndex(where: { $0.0 == operation.path }) {
        paths[place].1.append(item)
      } else {
        paths.append((operation.path, [item]))
      }
    }
    return .object([
      ("openapi", .text("3.1.0")),
      (
        "info",
        .object([
          ("title", .text("Madang")), ("version", .text(version)),
          (
            "description",
            .text(
              "A nation's GPU programme. Errors are problem documents (RFC 9457) with a stable "
                + "code, in the language of Accept-Language (ko or en).")
          ),
        ])
      ),
      ("servers", .array([.object([("url", .text("/"))])])),
      ("paths", .object(paths.map { ($0.0, .object($0.1)) })),
      ("components", components),
    ])
  }

  private static let components: JSON = .object([
    (
      "securitySchemes",
      .object([
        ("token", .object([("type", .text("http")), ("scheme", .text("bearer"))]))
      ])
    ),
    (
      "schemas",
      .object([
        (
          "Problem",
          .object([
            ("type", .text("object")),
            ("required", .array(["code", "detail", "help", "status", "type"].map { .text($0) })),
            (
              "properties",
              .object([
                ("code", .object([("type", .text("string"))])),
                ("detail", .object([("type", .text("string"))])),
                ("facts", .object([("type", .text("object"))])),
                ("help", .object([("type", .text("string"))])),
                ("status", .object([("type", .text("integer"))])),
                ("type", .object([("type", .text("string"))])),
              ])
            ),
          ])
        )
      ])
    ),
  ])

  private static func operation(_ operation: Operation) -> JSON {
    var parts: [(String, JSON)] = [
      ("operationId", .text(operation.id)), ("summary", .text(operation.title.en)),
      ("x-summary-ko", .text(operation.title.ko)),
      ("x-access", .text(access(operation.access))),
    ]
    if operation.access != .anyone {
      parts.append(("security", .array([.object([("token", .array([]))])])))
    }
    var parameters = operation.parameters.map { parameter($0, in: "path") }
    parameters += operation.query.map { parameter($0, in: "query") }
    if operation.isKeyed {
      parameters.append(
        .object([
          ("name", .text("Idempotency-Key")), ("in", .text("header")),
          (
            "schema",
            .object([("type", .text("string")), ("pattern", .text("^[!-~]{1,48}$"))])
          ),
        ]))
    }
    if !parameters.isEmpty { parts.append(("parameters", .array(parameters))) }
    if operation.method == .post { parts.append(("requestBody", body(operation.body))) }
    parts.append(("responses", responses(operation)))
    return .object(parts)
  }

  private static func access(_ access: Access) -> String {
    func list(_ roles: [Role]) -> String { roles.map(\.rawValue).joined(separator: ", ") }
    return switch access {
    case .anyone: "anyone"
    case .signedIn: "signed in"
    case .roles(let roles): list(roles)
    case .concerned(let concern, let roles):
      "own \(concern.rawValue)" + (roles.isEmpty ? "" : ", " + list(roles))
    }
  }

  private static func parameter(_ field: Field, in place: String) -> JSON {
    .object([
      ("name", .text(field.name)), ("in", .text(place)),
      ("required", .bool(place == "path" || field.isRequired)),
      ("description", .text(field.description)), ("schema", schema(field.kind)),
    ])
  }

  private static func body(_ fields: [Field]) -> JSON {
    .object([
      ("required", .bool(fields.contains(where: \.isRequired))),
      (
        "content",
        .object([("application/json", .object([("schema", object(fields))]))])
      ),
    ])
  }

  private static func object(_ fields: [Field]) -> JSON {
    var object: [(String, JSON)] = [
      ("type", .text("object")), ("additionalProperties", .bool(false)),
      ("properties", .object(fields.map { ($0.name, property($0)) })),
    ]
    let required = fields.filter(\.isRequired).map { JSON.text($0.name) }
    if !required.isEmpty { object.append(("required", .array(required))) }
    return .object(object)
  }

  /// A field that need not be there may be sent as null, as many clients do: not given.
  private static func property(_ field: Field) -> JSON {
    let schema = schema(field.kind)
    let description = ("description", JSON.text(field.description))
    if field.isRequired, case .object(let parts) = schema { return .object([description] + parts) }
    return .object([
      description, ("anyOf", .array([schema, .object([("type", .text("null"))])])),
    ])
  }

  private static func schema(_ kind: Field.Kind) -> JSON {
    func text(_ more: (String, JSON)...) -> JSON { .object([("type", .text("string"))] + more) }
    func integer(_ range: ClosedRange<Int64>) -> JSON {
      .object([
        ("type", .text("integer")), ("minimum", .int(range.lowerBound)),
        ("maximum", .int(range.upperBound)),
      ])
    }
    func list(_ items: JSON, _ count: ClosedRange<Int>) -> JSON {
      .object([
        ("type", .text("array")), ("items", items), ("minItems", .int(count.lowerBound)),
        ("maxItems", .int(count.upperBound)),
      ])
    }
    let slug = text(("pattern", .text("^[a-z0-9]+(-[a-z0-9]+)*$")), ("maxLength", .int(40)))
    return switch kind {
    case .text(let max):
      text(("minLength", .int(1)), ("maxLength", .int(max)), ("pattern", .text(Patterns.text)))
    case .integer(let range): integer(range)
    case .minute: integer(Field.minutes)
    case .choice(let choices): text(("enum", .array(choices.map { .text($0.word) })))
    case .identifier(let name): text(("pattern", .text(Patterns.identifier(name))))
    case .day, .endDay: text(("format", .text("date")), ("pattern", .text(Patterns.day)))
    case .digest: text(("pattern", .text("^[0-9a-f]{64}$")))
    case .integers(let range, let count): list(integer(range), count)
    case .slugs(let count): list(slug, count)
    case .slug: slug
    case .month: text(("pattern", .text("^(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])$")))
    case .flag: .object([("type", .text("boolean"))])
    case .rows(let fields, let count): list(object(fields), count)
    }
  }

  private static func responses(_ operation: Operation) -> JSON {
    func problem(_ description: String) -> JSON {
      .object([
        ("description", .text(description)),
        (
          "content",
          .object([
            (
              "application/problem+json",
              .object([
                ("schema", .object([("$ref", .text("#/components/schemas/Problem"))]))
              ])
            )
          ])
        ),
      ])
    }
    var parts: [(String, JSON)] = [
      (
        "200",
        .object([
          ("description", .text("Done.")),
          (
            "content",
            .object([
              ("application/json", .object([("schema", .object([]))])),
              (
                "text/plain",
                .object([("schema", .object([("type", .text("string"))]))])
              ),
            ])
          ),
        ])
      ),
      ("400", problem("It cannot be read.")),
      ("404", problem("There is nothing of this name that you may see.")),
    ]
    if operation.method == .get {
      parts.insert(("304", .object([("description", .text("What you have is current."))])), at: 1)
    }
    // Also where anybody may ask: a token that is none is told so.
    parts.append(("401", problem("Sign in first, or send a token that holds.")))
    if operation.access != .anyone || operation.method == .post {
      parts.append(("403", problem("This is not for your roles.")))
    }
    if operation.method == .post {
      parts.append(("409", problem("The key was used for something else.")))
      parts.append(("413", problem("It is too long.")))
      parts.append(("415", problem("JSON is taken here.")))
    }
    parts.append(("422", problem("A rule refuses it.")))
    parts.append(("429", problem("More than one caller may ask; Retry-After says for how long.")))
    parts.append(("503", problem("Too much at this moment; Retry-After says for how long.")))
    return .object(parts)
  }
}
