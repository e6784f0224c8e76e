import MadangPages

/// A request's query.
enum PercentQuery {
  /// Nothing where it cannot be read.
  static func fields(_ query: String?) -> [(name: String, value: String)]? {
    guard let query, !query.isEmpty else { return [] }
    return PercentText.fields(query)
  }
}
