public import MadangProgramme

/// The tasks of an array job, and how many of them may run at once.
public struct JobArray: Hashable, Sendable {
  /// Ascending, each once; never empty.
  public let indices: [Int32]
  /// At most so many tasks at once; nothing: as many as fit.
  public let limit: Int32?

  public init(indices: [Int32], limit: Int32? = nil) throws(JobRefusal) {
    let sorted = Set(indices).sorted()
    guard let last = sorted.last, (sorted.first ?? -1) >= 0, last <= JobLimits.arrayIndexMax else {
      throw .badValue(option: "--array", value: "\(indices.last ?? -1)", line: nil)
    }
    guard sorted.count <= JobLimits.arrayTasksMax else {
      throw .tooManyTasks(Int64(sorted.count), limit: Int64(JobLimits.arrayTasksMax))
    }
    if let limit, limit < 1 {
      throw .badValue(option: "--array", value: "%\(limit)", line: nil)
    }
    self.indices = sorted
    self.limit = limit
  }

  /// Reads Slurm's form: `0-15`, `1,3,5-7`, `0-20:5`, and `%4` behind any of them.
  public init(_ text: String, line: Int? = nil) throws(JobRefusal) {
    let fault = JobRefusal.badValue(option: "--array", value: text, line: line)
    let halves = text.split(separator: "%", omittingEmptySubsequences: false)
    guard halves.count <= 2, let list = halves.first, !list.isEmpty else { throw fault }
    var limit: Int32?
    if halves.count == 2 {
      guard let most = decimal(halves[1]), most > 0, most <= Int64(JobLimits.arrayTasksMax) else {
        throw fault
      }
      limit = Int32(most)
    }
    var indices: [Int32] = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      guard let range = JobArray.range(part) else { throw fault }
      let count = (range.last - range.first) / range.step + 1
      guard Int64(indices.count) + count <= Int64(JobLimits.arrayTasksMax) else {
        throw .tooManyTasks(
          Int64(indices.count) + count, limit: Int64(JobLimits.arrayTasksMax))
      }
      indices += (0..<count).map { Int32(range.first + $0 * range.step) }
    }
    try self.init(indices: indices, limit: limit)
  }

  /// `3`, `3-7`, `3-15:4`.
  private static func range(
    _ text: Substring
  ) -> (first: Int64, last: Int64, step: Int64)? {
    let steps = text.split(separator: ":", omittingEmptySubsequences: false)
    let ends = steps[0].split(separator: "-", omittingEmptySubsequences: false)
    guard steps.count <= 2, ends.count <= 2, let first = decimal(ends[0]),
      let last = ends.count == 2 ? decimal(ends[1]) : first,
      let step = steps.count == 2 ? decimal(steps[1]) : 1,
      first <= last, last <= Int64(JobLimits.arrayIndexMax), step > 0,
      steps.count == 1 || ends.count == 2
    else { return nil }
    return (first, last, step)
  }
}

extension JobArray: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("indices", indices)
    writer.field("limit", limit)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let indices: [Int32] = try reader.field("indices")
    let limit: Int32? = try reader.field("limit")
    // Which of its limits it breaks does not matter here: no such bytes were ever written.
    guard let array = try? JobArray(indices: indices, limit: limit), array.indices == indices else {
      throw reader.malformed("array")
    }
    self = array
  }
}
