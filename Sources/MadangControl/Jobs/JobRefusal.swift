public import MadangProgramme

/// Why a job is not taken. `line` is that of its script, nothing where it came otherwise.
public enum JobRefusal: Refusing, Hashable {
  /// Its first line does not begin with `#!`.
  case notAScript
  case zeroByte(line: Int)
  case carriageReturn(line: Int)
  case notText(line: Int)
  case lineTooLong(line: Int, bytes: Int, limit: Int)
  /// A quotation mark that nothing closes.
  case openQuote(line: Int)
  case missingValue(option: String, line: Int)
  case badValue(option: String, value: String, line: Int?)
  /// Two lines, or a line and the command line's own, that cannot both hold.
  case contradiction(Said, other: Said)
  /// An option of Slurm's that would change what the job gets, or when, and cannot be kept here.
  case notHere(option: String, line: Int)
  case unfit(JobPart, line: Int?)
  case tooLong(JobPart, bytes: Int64, limit: Int64)
  case tooMany(JobPart, Int64, limit: Int64)
  case tooManyTasks(Int64, limit: Int64)
  case gpusOutOfRange(Int64, limit: Int64)
  case timeOutOfRange(seconds: Int64, limit: Int64)
  /// A job says how long it may take, since what it could use is held for it.
  case noTimeLimit
  /// By forecast: GPUs times time limit times tasks.
  case beyondBudget(asked: Int64, left: Int64, gpus: Int32, seconds: Int64, tasks: Int)
  case beyondReservation(gpus: Int32, reserved: Int64)

  /// What a line says of an option.
  public struct Said: Hashable, Sendable {
    public let option: String
    public let value: String
    public let line: Int

    public init(option: String, value: String, line: Int) {
      self.option = option
      self.value = value
      self.line = line
    }
  }

  public var code: String {
    switch self {
    case .notAScript: "MDG-1601"
    case .zeroByte: "MDG-1602"
    case .carriageReturn: "MDG-1603"
    case .notText: "MDG-1604"
    case .lineTooLong: "MDG-1605"
    case .openQuote: "MDG-1606"
    case .missingValue: "MDG-1607"
    case .badValue: "MDG-1608"
    case .contradiction: "MDG-1609"
    case .unfit: "MDG-1610"
    case .tooLong: "MDG-1611"
    case .tooMany: "MDG-1612"
    case .tooManyTasks: "MDG-1613"
    case .gpusOutOfRange: "MDG-1614"
    case .timeOutOfRange: "MDG-1615"
    case .noTimeLimit: "MDG-1616"
    case .beyondBudget: "MDG-1617"
    case .beyondReservation: "MDG-1618"
    case .notHere: "MDG-1619"
    }
  }

  public func what(_ language: Language) -> String { JobRefusal.what(self, language) }
  public func help(_ language: Language) -> String { JobRefusal.help(self, language) }
}
