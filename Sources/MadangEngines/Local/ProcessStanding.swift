import Glibc

/// How a process stands, from `pid (command) state parent …` in `/proc/PID/stat`, whose fields are
/// counted from 1.
struct ProcessStanding {
  private let fields: [ArraySlice<UInt8>]

  /// Nothing where there is no such process.
  init?(_ pid: pid_t) {
    // The second field is the command in parentheses and may hold anything; nothing behind it does.
    guard let bytes = try? LocalFiles.bytes(of: "/proc/\(pid)/stat"),
      let command = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    fields = bytes[(command + 1)...].split { $0 == UInt8(ascii: " ") || $0 == 10 }
    guard fields.count > 48 else { return nil }
  }

  private func number(_ field: Int) -> Int64 {
    // An address may have its highest bit set.
    Int64(truncatingIfNeeded: UInt64(String(decoding: fields[field - 3], as: UTF8.self)) ?? 0)
  }

  /// Ended, and not yet waited for.
  var hasEnded: Bool { fields[0].elementsEqual("Z".utf8) || fields[0].elementsEqual("X".utf8) }

  /// When it began, in ticks since the machine's start; nothing where it has ended.
  var startTicks: Int64? { hasEnded ? nil : number(22) }

  /// Whether it is a program that this user may look into: not the kernel's own, nor another's. For
  /// those the start of the code is 0 or 1.
  var isReadable: Bool { number(9) & 0x0020_0000 == 0 && number(26) != 1 }

  /// Whether its program is in place and was given no variables.
  var hasNoVariables: Bool { number(50) != 0 && number(50) == number(51) }
}
