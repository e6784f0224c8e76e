/// The options of `sbatch` that Madang knows, and how each is written.
enum DirectiveOption: String, CaseIterable {
  case jobName = "job-name"
  case gpus
  case gres
  case gpusPerNode = "gpus-per-node"
  case nodes
  case time
  case array
  case dependency
  case output
  case error
  case chdir
  case export
  case account
  case requeue
  case noRequeue = "no-requeue"

  init?(letter: Character) {
    switch letter {
    case "J": self = .jobName
    case "G": self = .gpus
    case "N": self = .nodes
    case "t": self = .time
    case "a": self = .array
    case "d": self = .dependency
    case "o": self = .output
    case "e": self = .error
    case "D": self = .chdir
    case "A": self = .account
    default: return nil
    }
  }

  var takesValue: Bool { self != .requeue && self != .noRequeue }
}

/// Options of `sbatch` that mean nothing here: passed over with a warning that says why.
enum IgnoredOption {
  /// Not passed over but refused: the job would get other GPUs than it asks for, or start when it
  /// should not.
  static let refused: Set<String> = ["begin", "gpus-per-socket", "gpus-per-task", "hold"]

  /// The same by their letters.
  static let refusedLetters: [Character: String] = ["H": "hold", "b": "begin"]

  /// Letters that take a value, so that the value is not taken for an option.
  static let lettersWithValue: Set<Character> = [
    "B", "C", "F", "L", "M", "S", "c", "i", "k", "m", "n", "p", "q", "w", "x",
  ]

  /// Long ones that take none.
  static let flags: Set<String> = [
    "contiguous", "exclusive", "ignore-pbs", "overcommit", "oversubscribe", "parsable",
    "quiet", "reboot", "spread-job", "test-only", "use-min-nodes", "verbose", "wait",
  ]

  /// Long ones that take one, also in the word behind.
  static let valued: Set<String> = [
    "cluster-constraint", "clusters", "comment", "constraint", "core-spec",
    "cores-per-socket", "cpus-per-gpu", "cpus-per-task", "deadline", "delay-boot", "distribution",
    "exclude", "export-file", "extra-node-info", "gid", "gpu-bind", "gpu-freq", "gres-flags",
    "hint", "input", "kill-on-invalid-dep", "licenses", "mail-type",
    "mail-user", "mem", "mem-bind", "mem-per-cpu", "mem-per-gpu", "mincpus", "network", "nice",
    "nodefile", "nodelist", "ntasks", "ntasks-per-core", "ntasks-per-gpu", "ntasks-per-node",
    "ntasks-per-socket", "open-mode", "partition", "power", "prefer", "priority", "profile",
    "propagate", "qos", "reservation", "signal", "sockets-per-node", "switches",
    "thread-spec", "threads-per-core", "time-min", "tmp", "uid", "wait-all-nodes", "wckey", "wrap",
  ]
}
