/// The shapes that a scheduler knows, each once.
struct ShapeTable: Sendable {
  private(set) var shapes: [Shape] = []
  /// Look-up only; nothing walks it.
  private var known: [Shape: Int32] = [:]
  /// For each shape and model, `gains` of the model when it was last found not to fit, plus 1.
  private(set) var refusedAt: [UInt64] = []
  private let models: Int

  init(models: Int) { self.models = models }

  mutating func index(of shape: Shape) -> ShapeIndex {
    if let index = known[shape] { return ShapeIndex(value: index) }
    let index = Int32(shapes.count)
    shapes.append(shape)
    known[shape] = index
    refusedAt.append(contentsOf: repeatElement(0, count: models))
    return ShapeIndex(value: index)
  }

  /// Whether the shape is known not to fit as long as nothing becomes free.
  func isRefused(_ shape: Int, _ model: Int, gains: UInt64) -> Bool {
    refusedAt[shape * models + model] == gains + 1
  }

  mutating func refuse(_ shape: Int, _ model: Int, gains: UInt64) {
    refusedAt[shape * models + model] = gains + 1
  }
}
