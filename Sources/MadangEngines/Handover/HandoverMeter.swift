public import MadangProgramme

/// Meters a hand-over by what the operator's inventory says at each look: a server that a team held
/// at two looks in a row was held between them.
///
/// ```
///  look 1        look 2        look 3 (an hour later)   look 4
///   held ═════════ held           held ═══════════════════ free
///                       └ gap ┘ nobody looked: unobserved, not guessed
/// ```
/// `began` is in every hold's name: a meter that begins anew, because its folder was lost, counts
/// its segments anew and must not use up numbers that the office knows.
///
/// Segments end at whole hours (UTC), so that an hour can be sealed while the hold goes on.
public struct HandoverMeter: Hashable, Sendable {
  /// Looks further apart than this leave a gap.
  public static let gapSeconds: Int64 = 900

  /// A server in a team's hands.
  public struct Hold: Hashable, Sendable {
    public let job: EngineJob
    public let allocation: AllocationID
    public let gpus: Int32
    /// The next segment's number and first second.
    public var number: Int32
    public var from: Instant
  }

  /// In ascending order of job.
  public private(set) var holds: [Hold] = []
  /// The first look of this meter.
  public private(set) var began: Instant?
  /// The newest look.
  public private(set) var lookedAt: Instant?
  /// The number that a job's next segment gets, for jobs that were held before: in ascending order
  /// of job.
  public private(set) var numbers: [Number] = []

  public struct Number: Hashable, Sendable {
    public let job: EngineJob
    public let next: Int32
  }

  public init() {}

  /// One look: who holds what now, in ascending order of job. Answers the segments that are over.
  ///
  /// A look that is older than the newest says nothing: a clock that went back adds no time twice.
  ///
  /// Complexity: O(holds + begun × log numbers + ended × numbers).
  public mutating func look(
    _ now: [Hold], cluster: ClusterID, model: DeviceModelID, at: Instant
  ) -> [UsageSegment] {
    guard let last = lookedAt else {
      holds = now.map { begun($0, at) }
      began = began ?? at
      lookedAt = at
      return []
    }
    guard at > last else { return [] }
    // After a gap nobody knows; what was seen ends at the last look.
    let isGap = at.seconds - last.seconds > HandoverMeter.gapSeconds
    let end = isGap ? last : at
    var segments: [UsageSegment] = []
    var kept: [Hold] = []
    var next = 0
    for var hold in holds {
      while next < now.count, now[next].job < hold.job {
        kept.append(begun(now[next], at))
        next += 1
      }
      var found: Hold?
      if next < now.count, now[next].job == hold.job {
        found = now[next]
        next += 1
      }
      let goesOn = !isGap && found?.gpus == hold.gpus
      cut(&hold, until: end, whole: goesOn, cluster, model, &segments)
      if goesOn {
        kept.append(hold)
      } else {
        remember(hold)
        if let found { kept.append(begun(found, at)) }
      }
    }
    holds = kept + now[next...].map { begun($0, at) }
    lookedAt = at
    return segments
  }

  /// Cuts a hold at whole hours up to `end`; the rest of it too, unless it goes on.
  private func cut(
    _ hold: inout Hold, until end: Instant, whole: Bool, _ cluster: ClusterID,
    _ model: DeviceModelID, _ segments: inout [UsageSegment]
  ) {
    while hold.from < end {
      let hour = Instant((hold.from.seconds / 3_600 + 1) * 3_600)
      guard hour <= end || !whole else { return }
      let to = min(hour, end)
      segments.append(
        UsageSegment(
          key: UsageKey(cluster: cluster, job: hold.job, number: hold.number),
          allocation: hold.allocation, model: model, gpus: hold.gpus, from: hold.from, to: to))
      hold.number += 1
      hold.from = to
    }
  }

  private func begun(_ hold: Hold, _ at: Instant) -> Hold {
    var hold = hold
    let place = place(of: hold.job)
    hold.number = place < numbers.count && numbers[place].job == hold.job ? numbers[place].next : 0
    hold.from = at
    return hold
  }

  private mutating func remember(_ hold: Hold) {
    let place = place(of: hold.job)
    let number = Number(job: hold.job, next: hold.number)
    if place < numbers.count, numbers[place].job == hold.job {
      numbers[place] = number
    } else {
      numbers.insert(number, at: place)
    }
  }

  /// Where a job's number stands, or would.
  private func place(of job: EngineJob) -> Int {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle].job < job { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension HandoverMeter: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("began", began)
    writer.field("holds", holds)
    writer.field("lookedAt", lookedAt)
    writer.field("numbers", numbers)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    began = try reader.field("began")
    holds = try reader.field("holds")
    lookedAt = try reader.field("lookedAt")
    // Once they were written as they came; each job stands once.
    let stored: [Number] = try reader.field("numbers")
    numbers = stored.sorted { $0.job < $1.job }
  }
}

extension HandoverMeter.Hold: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("from", from)
    writer.field("gpus", gpus)
    writer.field("job", job)
    writer.field("number", number)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    from = try reader.field("from")
    gpus = try reader.field("gpus")
    job = try reader.field("job")
    number = try reader.field("number")
  }
}

extension HandoverMeter.Number: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("job", job)
    writer.field("next", next)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    job = try reader.field("job")
    next = try reader.field("next")
  }
}
