/// Who says that GPUs were accepted (검수완료): their owner, for whom the office records it. Whoever
/// delivers or runs them says what came, and no more: what is awardable may rest on it.
extension Caller {
  /// Whether this caller would say so without being the office.
  public func claimsAcceptance(_ operation: Operation, _ values: Values) -> Bool {
    guard operation.id == "recordStep", !has(.officer) else { return false }
    return values.text("state") == "accepted" || values.text("confidence") == "accepted"
  }
}
