public import MadangProgramme

/// A job, as the writer numbered it. Of 64 bits, unlike a stage's identifiers: a million jobs a day
/// pass those within three years.
public struct JobID: Hashable, Comparable, Sendable {
  /// 1 ... 2⁵³ − 1.
  public let number: Int64

  public init?(_ number: Int64) {
    guard number > 0, number <= Limits.integerMax else { return nil }
    self.number = number
  }

  public static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

extension JobID: CustomStringConvertible {
  public var description: String { "job-\(number)" }

  /// Reads `job-12`, or Slurm's plain `12`.
  public init?(_ text: String) {
    let digits = text.hasPrefix("job-") ? text.dropFirst(4) : text[...]
    guard let number = decimal(digits), digits.first != "0" else { return nil }
    self.init(number)
  }
}

extension JobID: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.integer(number) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    guard let job = JobID(try reader.integer()) else { throw reader.malformed("job") }
    self = job
  }
}

/// A job, or one task of a job that is an array.
public struct JobTask: Hashable, Comparable, Sendable {
  public let job: JobID
  /// Nothing: the job itself.
  public let index: Int32?

  public init(_ job: JobID, index: Int32? = nil) {
    self.job = job
    self.index = index
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.job, a.index ?? -1) < (b.job, b.index ?? -1)
  }
}

extension JobTask: CustomStringConvertible {
  /// `job-12`, `job-12_3`.
  public var description: String { index.map { "\(job)_\($0)" } ?? "\(job)" }

  public init?(_ text: String) {
    guard let line = text.firstIndex(of: "_") else {
      guard let job = JobID(text) else { return nil }
      self.init(job)
      return
    }
    guard let job = JobID(String(text[..<line])),
      let index = decimal(text[text.index(after: line)...]), index <= Int64(JobLimits.arrayIndexMax)
    else { return nil }
    self.init(job, index: Int32(index))
  }
}

extension JobTask: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("index", index)
    writer.field("job", job)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    index = try reader.field("index")
    job = try reader.field("job")
  }
}

/// Digits and nothing else, as a number that is at most 2⁵³ − 1.
func decimal(_ text: some StringProtocol) -> Int64? {
  guard !text.isEmpty, text.utf8.count <= 16, text.utf8.allSatisfy({ (48...57).contains($0) }),
    let value = Int64(text), value <= Limits.integerMax
  else { return nil }
  return value
}
