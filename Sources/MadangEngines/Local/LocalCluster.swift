public import MadangProgramme

/// The slots of a local cluster, as its file declares them.
///
/// A slot is one place for one GPU's worth of work. Where it has a device, jobs in it see that
/// device alone; a cluster without devices runs the same, on processors.
public struct LocalCluster: Hashable, Sendable {
  public let cluster: ClusterID
  public let slots: [LocalSlots]

  /// Nothing where a device stands twice or there are more slots than `LocalLimits.slotsMax`.
  public init?(cluster: ClusterID, slots: [LocalSlots]) {
    let devices = slots.flatMap { $0.devices ?? [] }
    let count = slots.reduce(0) { $0 + $1.count }
    guard Set(devices).count == devices.count, count <= LocalLimits.slotsMax else { return nil }
    self.cluster = cluster
    self.slots = slots
  }

  /// Every slot by its number, which is its place in the order declared.
  var table: [LocalSlot] {
    slots.flatMap { group in
      (0..<group.count).map { LocalSlot(model: group.model, device: group.devices?[$0]) }
    }
  }
}

/// Slots of one device model.
public struct LocalSlots: Hashable, Sendable {
  public let model: DeviceModelID
  public let count: Int
  /// The devices' indices as the driver counts them, one a slot; nothing where there are none.
  public let devices: [Int32]?

  /// Slots without devices.
  public init?(model: DeviceModelID, count: Int) {
    guard (1...LocalLimits.slotsMax).contains(count) else { return nil }
    self.model = model
    self.count = count
    devices = nil
  }

  /// A slot a device.
  public init?(model: DeviceModelID, devices: [Int32]) {
    guard (1...LocalLimits.slotsMax).contains(devices.count), devices.allSatisfy({ $0 >= 0 })
    else { return nil }
    self.model = model
    count = devices.count
    self.devices = devices
  }
}

struct LocalSlot: Hashable {
  let model: DeviceModelID
  let device: Int32?
}

/// What the local engine takes at most.
public enum LocalLimits {
  /// Slots of one machine.
  public static let slotsMax = 1_024
  /// Jobs that run at once, those without a GPU included.
  public static let jobsMax = 4_096
  /// Bytes of one argument or variable: what Linux takes (`MAX_ARG_STRLEN`, 32 pages).
  public static let textBytesMax = 131_071
  /// Bytes of all arguments and variables together: below the 2 MiB that Linux takes with the
  /// usual stack of 8 MiB.
  public static let textsBytesMax = 1_500_000
  /// Bytes of a script: what Slurm takes.
  public static let scriptBytesMax = 4_194_304
  /// Bytes of a path: what Linux takes (`PATH_MAX`), its zero byte not counted.
  public static let pathBytesMax = 4_095
  /// Seconds a job may ask for: a year.
  public static let timeLimitSecondsMax: Int64 = 31_536_000
  /// Seconds between being told to end and being ended.
  public static let graceSecondsMax: Int64 = 3_600
}
