/// Regular expressions (ECMA 262, as JSON Schema has them) of what fields take: exactly that.
enum Patterns {
  /// Without the characters that ``Text`` refuses.
  static let text =
    "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ufeff]+$"

  /// Up to `Limits.identifierMax`, which is ten digits long.
  static func identifier(_ name: String) -> String {
    "^\(name)-([1-9][0-9]{0,8}|1000000000)$"
  }

  /// Days between 1900 and 2199 that there are: of 31, 30, 28 and, in leap years, 29 a month.
  static let day =
    "^((19|20|21)[0-9]{2}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
    + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
    + "|((19|20|21)(0[48]|[2468][048]|[13579][26])|2000)-02-29)$"
}
