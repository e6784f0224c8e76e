import Foundation

/// Time, memory and a table of figures.
enum Measure {
  /// Seconds of wall time.
  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    let took = clock.now - start
    return Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
  }

  /// Seconds of processor time that this process has used, on all cores.
  static func processorSeconds() -> Double {
    // POSIX has it count millionths, whatever the machine.
    Double(clock()) / 1e6
  }

  /// The median of several runs, with the fastest and the slowest.
  static func median(_ runs: Int, _ body: () throws -> Double) rethrows -> (Double, Double, Double)
  {
    var times: [Double] = []
    for _ in 0..<runs { times.append(try body()) }
    times.sort()
    return (times[times.count / 2], times[0], times[times.count - 1])
  }

  /// Resident and peak memory of this process in MiB.
  static func memoryMiB() -> (resident: Double, peak: Double) {
    func field(_ name: String, _ text: String) -> Double {
      for line in text.split(separator: "\n") where line.hasPrefix(name) {
        let digits = line.filter(\.isNumber)
        return (Double(digits) ?? 0) / 1_024
      }
      return 0
    }
    guard let data = FileManager.default.contents(atPath: "/proc/self/status") else {
      return (0, 0)
    }
    let text = String(decoding: data, as: UTF8.self)
    return (field("VmRSS", text), field("VmHWM", text))
  }

  static func report(_ what: String, _ figure: String, bar: String) {
    let padded = what.padding(toLength: max(52, what.count), withPad: " ", startingAt: 0)
    say("\(padded) \(figure)   [at least: \(bar)]")
  }

  /// Written at once: the benches are processes of their own that share one output.
  static func say(_ text: String) {
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
  }

  static func warn(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  static func machine() {
    var model = "unknown processor"
    if let data = FileManager.default.contents(atPath: "/proc/cpuinfo") {
      let text = String(decoding: data, as: UTF8.self)
      if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("model name") }) {
        model = String(line.split(separator: ":").last ?? "").trimmingCharacters(in: .whitespaces)
      }
    }
    let processors = ProcessInfo.processInfo.activeProcessorCount
    let memory = ProcessInfo.processInfo.physicalMemory / 1_073_741_824
    say("Machine: \(model), \(processors) processors, \(memory) GiB; one thread unless said.")
  }

  static func text(_ value: Double, _ digits: Int = 2) -> String {
    String(format: "%.\(digits)f", value)
  }
}
