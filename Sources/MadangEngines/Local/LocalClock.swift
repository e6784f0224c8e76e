import CMadangProcess
import Glibc

/// The machine's clocks. Tests give others.
public struct LocalClock: Sendable {
  /// Microseconds since the machine started, sleep included. Nobody sets it: what is metered is
  /// measured by it, so that a wall clock that jumps moves nothing.
  public let machineMicroseconds: @Sendable () -> Int64
  public let wallMicroseconds: @Sendable () -> Int64
  /// Names this run of the machine.
  public let boot: String

  public init(
    boot: String, machineMicroseconds: @escaping @Sendable () -> Int64,
    wallMicroseconds: @escaping @Sendable () -> Int64
  ) {
    self.boot = boot
    self.machineMicroseconds = machineMicroseconds
    self.wallMicroseconds = wallMicroseconds
  }

  public static var system: LocalClock {
    LocalClock(
      boot: systemBoot, machineMicroseconds: { madang_process_clock() },
      wallMicroseconds: {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
      })
  }

  /// As the supervisor reads it.
  private static var systemBoot: String {
    // A system without it has one boot for ever: then nothing is ever taken for lost by restart.
    guard let bytes = try? LocalFiles.bytes(of: "/proc/sys/kernel/random/boot_id"),
      bytes.count >= 36
    else { return "unknown" }
    return String(decoding: bytes.prefix(36), as: UTF8.self)
  }
}
