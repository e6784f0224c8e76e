import MadangProgramme

/// The file `job` of a job's folder: its intent. The supervisor reads what stands first, the engine
/// all of it.
///
/// ```
///  "madang-job-1" token folder output error limit grace processes cgroup
///  n argument×n  m variable×m  allocation model gpus k slot×k
/// ```
/// Each is a text that ends with a zero byte, so that C reads it without a parser; no text can hold
/// one, because none could be given to a process.
struct JobFile {
  let run: LocalRun
  let cgroup: String?

  static let version = "madang-job-1"

  static func bytes(
    _ job: LocalJob, arguments: [String], environment: [String], slots: [Int], cgroup: String?
  ) -> [UInt8] {
    var texts = [
      version, job.token.hex, job.workingFolder, job.output, job.error ?? "",
      String(job.timeLimitSeconds ?? 0), String(job.graceSeconds), String(job.processesMax ?? 0),
      cgroup ?? "", String(arguments.count),
    ]
    texts += arguments
    texts.append(String(environment.count))
    texts += environment
    texts += [String(job.allocation.number), String(job.model.number), String(job.gpus)]
    texts.append(String(slots.count))
    texts += slots.map { String($0) }
    return texts.reduce(into: []) { bytes, text in
      bytes.append(contentsOf: text.utf8)
      bytes.append(0)
    }
  }

  /// Nothing where the bytes are not such a file.
  init?(_ bytes: [UInt8]) {
    guard bytes.last == 0 else { return nil }
    let texts = bytes.dropLast().split(separator: 0, omittingEmptySubsequences: false)
    var next = 0
    func text() -> String? {
      guard next < texts.count else { return nil }
      next += 1
      return String(validating: texts[next - 1], as: UTF8.self)
    }
    func number(_ most: Int64) -> Int64? {
      guard let digits = text(), let number = Int64(digits), (0...most).contains(number)
      else { return nil }
      return number
    }
    func pass() -> Bool {
      guard let count = number(Int64(texts.count)) else { return false }
      next += Int(count)
      return true
    }
    let identifierMax = Int64(Limits.identifierMax)
    guard text() == JobFile.version, let token = text().flatMap({ EngineJob(hex: $0) })
    else { return nil }
    next += 6
    guard let cgroup = text(), pass(), pass(),
      let allocation = number(identifierMax), allocation > 0,
      let model = number(identifierMax), model > 0, let gpus = number(Int64(LocalLimits.slotsMax)),
      let slotCount = number(Int64(LocalLimits.slotsMax))
    else { return nil }
    var slots: [Int] = []
    for _ in 0..<slotCount {
      guard let slot = number(Int64(LocalLimits.slotsMax)) else { return nil }
      slots.append(Int(slot))
    }
    guard next == texts.count else { return nil }
    self.cgroup = cgroup.isEmpty ? nil : cgroup
    run = LocalRun(
      token: token, allocation: AllocationID(Int(allocation)), model: DeviceModelID(Int(model)),
      gpus: Int32(gpus), slots: slots, state: .starting)
  }
}
