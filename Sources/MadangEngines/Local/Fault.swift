import Glibc

/// Where tests end this process, or have its supervisors end. Nothing in a release build.
enum Fault {
  #if DEBUG
    /// `engine.NAME` ends this process at that point; any other word goes on to the supervisors.
    private static let asked = getenv("MADANG_FAULT").map { String(cString: $0) } ?? ""

    static func reach(_ point: String) {
      if asked == "engine.\(point)" { kill(getpid(), SIGKILL) }
    }
  #else
    static func reach(_ point: StaticString) {}
  #endif

  /// A supervisor's whole environment.
  static func withEnvironment<Result>(
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    #if DEBUG
      let variable = strdup("MADANG_FAULT=\(asked)")
      defer { free(variable) }
      return [variable, nil].withUnsafeBufferPointer { body($0.baseAddress!) }
    #else
      return [nil].withUnsafeBufferPointer { body($0.baseAddress!) }
    #endif
  }
}
