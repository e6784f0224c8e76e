public import MadangProgramme

/// How a job is stored: the one spelling in bytes, in a fixed order of fields.
extension JobSpec: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("array", array)
    writer.field("dependencies", dependencies)
    writer.field("environment", environment)
    writer.field("error", error)
    writer.field("gpus", gpus)
    writer.field("name", Plain(name))
    writer.field("output", output)
    writer.field("requeue", requeue)
    writer.field("timeLimitSeconds", timeLimitSeconds)
    writer.field("work", work)
    writer.field("workingFolder", Plain(workingFolder))
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let array: JobArray? = try reader.field("array")
    let dependencies: JobDependencies = try reader.field("dependencies")
    let environment: [JobVariable] = try reader.field("environment")
    let error: OutputPattern? = try reader.field("error")
    let gpus: Int32 = try reader.field("gpus")
    let name: Plain = try reader.field("name")
    let output: OutputPattern = try reader.field("output")
    let requeue: Bool = try reader.field("requeue")
    let timeLimitSeconds: Int64 = try reader.field("timeLimitSeconds")
    let work: JobWork = try reader.field("work")
    let workingFolder: Plain = try reader.field("workingFolder")
    do {
      try self.init(
        name: name.text, work: work, gpus: gpus, timeLimitSeconds: timeLimitSeconds, array: array,
        dependencies: dependencies, workingFolder: workingFolder.text, output: output,
        error: error, environment: environment, requeue: requeue)
    } catch {
      throw reader.malformed("a job within its limits")
    }
  }
}

extension JobWork: Record {
  private enum Kind: String, CanonicalWord {
    case command, script
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    switch self {
    case .command(let arguments):
      writer.field("arguments", arguments.map { Plain($0) })
      writer.field("kind", Kind.command)
      writer.field("script", nil as Plain?)
    case .script(let text, let arguments):
      writer.field("arguments", arguments.map { Plain($0) })
      writer.field("kind", Kind.script)
      writer.field("script", Plain(text))
    }
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let arguments: [Plain] = try reader.field("arguments")
    let kind: Kind = try reader.field("kind")
    let script: Plain? = try reader.field("script")
    switch (kind, script) {
    case (.command, nil): self = .command(arguments.map(\.text))
    case (.script, let script?): self = .script(script.text, arguments: arguments.map(\.text))
    default: throw reader.malformed("a command or a script")
    }
  }
}

extension JobVariable: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("name", Plain(name))
    writer.field("value", Plain(value))
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let name: Plain = try reader.field("name")
    let value: Plain = try reader.field("value")
    self.init(name.text, value.text)
  }
}

/// A text as it is, whatever is in it: what a process is given is not composed.
struct Plain: Canonical {
  let text: String
  init(_ text: String) { self.text = text }
  func write(to writer: inout CanonicalWriter) { writer.text(text) }
  init(from reader: inout CanonicalReader) throws(Malformed) { text = try reader.text() }
}
