/// A table over dense identifiers whose copies are snapshots: taking one is O(1), and a change
/// after it copies one page and the path to it, not the table.
///
/// ```
///  root ─┬─ branch ─┬─ page: 32 rows
///        │          ├─ page            64 pages a branch, 2,048 rows
///        │          └─ …
///        └─ branch …
/// ```
/// Rows that are narrow and hold no reference cost a move of bytes when their page is copied; each
/// reference would cost a retain. Measured by `make bench`.
///
/// Invariant: every page but the last is full, every branch but the last is full.
public struct PagedTable<Kind: IdentifierKind, Row: Sendable>: Sendable {
  public typealias ID = Identifier<Kind>
  @usableFromInline typealias Page = ContiguousArray<Row>
  @usableFromInline typealias Branch = ContiguousArray<Page>

  @inlinable static var rowsPerPage: Int { 32 }
  @inlinable static var pagesPerBranch: Int { 64 }

  // Reading is inlined where it is used: generic code of another module costs ten times as much.
  @usableFromInline var root: ContiguousArray<Branch> = []
  public private(set) var count = 0

  public init() {}

  /// The identifier that the next appended row gets.
  public var nextID: ID { ID(row: count) }

  public var ids: some Sequence<ID> { (0..<count).lazy.map { ID(row: $0) } }

  @inlinable public func contains(_ id: ID) -> Bool { id.row < count }

  /// Complexity: O(1). Writing copies the page if a snapshot shares it.
  @inlinable public subscript(id: ID) -> Row {
    get {
      let place = PagedTable.place(id.row)
      return root[place.branch][place.page][place.slot]
    }
    _modify {
      precondition(id.row < count, "no such row")
      let place = PagedTable.place(id.row)
      yield &root[place.branch][place.page][place.slot]
    }
  }

  /// The row, or nothing where there is no such identifier.
  @inlinable public func row(_ id: ID) -> Row? { contains(id) ? self[id] : nil }

  /// Complexity: O(1) amortised.
  @discardableResult
  public mutating func append(_ row: Row) -> ID {
    precondition(count < Limits.identifierMax, "table is full")
    let place = PagedTable.place(count)
    if place.branch == root.count { root.append([]) }
    if place.page == root[place.branch].count {
      var page = Page()
      page.reserveCapacity(PagedTable.rowsPerPage)
      root[place.branch].append(page)
    }
    root[place.branch][place.page].append(row)
    count += 1
    return ID(row: count - 1)
  }

  /// Every row in order of identifier.
  ///
  /// Complexity: O(rows).
  @inlinable public func forEach<Failure: Error>(
    _ body: (ID, Row) throws(Failure) -> Void
  ) throws(Failure) {
    var row = 0
    for branch in root {
      for page in branch {
        for value in page {
          try body(ID(row: row), value)
          row += 1
        }
      }
    }
  }

  /// Panics where a page is not as the invariant says.
  func checkInvariants() {
    var rows = 0
    for (index, branch) in root.enumerated() {
      precondition(index == root.count - 1 || branch.count == PagedTable.pagesPerBranch)
      for (number, page) in branch.enumerated() {
        let last = index == root.count - 1 && number == branch.count - 1
        precondition(last ? page.count > 0 : page.count == PagedTable.rowsPerPage)
        rows += page.count
      }
    }
    precondition(rows == count, "rows appeared or vanished")
  }

  @inlinable static func place(_ row: Int) -> (branch: Int, page: Int, slot: Int) {
    let page = row / rowsPerPage
    return (page / pagesPerBranch, page % pagesPerBranch, row % rowsPerPage)
  }
}
