/// The formats of jobs that can be read, by the names that people use.
public enum TraceFormat: String, Sendable, CaseIterable {
  case csv, philly, itp, muri, openb, acme, swf

  /// Reads the bytes of a trace.
  public func read(_ bytes: [UInt8]) throws(TraceFault) -> Workload {
    switch self {
    case .csv: try JobsTable.read(bytes)
    case .philly: try PhillyTrace.read(bytes)
    case .itp: try ITPTrace.read(bytes)
    case .muri: try MuriTrace.read(bytes)
    case .openb: try OpenbTrace.read(bytes)
    case .acme: try AcmeTrace.read(bytes)
    case .swf: try StandardWorkload.read(bytes)
    }
  }

  /// What the first lines of a file look like.
  public static func guess(_ bytes: [UInt8]) -> TraceFormat {
    var head = TraceBytes(Array(bytes.prefix(4_096)))
    guard head.advance() else { return .csv }
    if bytes[head.start] == UInt8(ascii: ";") { return .swf }
    let names = (0..<head.fields.count - 1).map { head.text($0) }
    func has(_ all: String...) -> Bool { all.allSatisfy { names.contains($0) } }
    if has("iterations", "iteration_time", "submit_time") { return .muri }
    if has("gpu_milli", "num_gpu") { return .openb }
    if has("submission_time", "num_gpu") { return .itp }
    if has("timestamp", "num_gpus") { return .philly }
    if has("arrival_time", "gpu_per_worker") { return .acme }
    return names.count == 1 ? .swf : .csv
  }
}

/// What no time or size of a trace goes beyond.
enum TraceLimits {
  /// Ticks: 142 years in microseconds, and longer than the time since 1970.
  static let time: ClosedRange<Int64> = 0...(1 << 52)
  static let gpus: ClosedRange<Int64> = 0...1_048_576
}
