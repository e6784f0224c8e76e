/// One sheet as a workbook that spreadsheets open (ECMA-376), in a ZIP archive whose parts are
/// stored as they are.
public enum Workbook {
  public static func bytes(of rows: [[SheetCell]]) -> [UInt8] {
    var archive = Archive()
    archive.add("[Content_Types].xml", types)
    archive.add("_rels/.rels", relations("officeDocument", "xl/workbook.xml"))
    archive.add("xl/workbook.xml", book)
    archive.add("xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml"))
    archive.add("xl/worksheets/sheet1.xml", sheet(rows))
    return archive.finished()
  }

  private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  private static let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

  private static let types =
    head + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    + "<Default Extension=\"rels\" "
    + "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    + "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd."
    + "openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
    + "<Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd."
    + "openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>"

  private static let book =
    head + "<workbook xmlns=\"\(main)\" xmlns:r=\"\(office)\"><sheets>"
    + "<sheet name=\"Madang\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"

  private static func relations(_ type: String, _ target: String) -> String {
    head
      + "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
      + "<Relationship Id=\"r1\" Type=\"\(office)/\(type)\" Target=\"\(target)\"/></Relationships>"
  }

  private static func sheet(_ rows: [[SheetCell]]) -> String {
    var text = head + "<worksheet xmlns=\"\(main)\"><sheetData>"
    for row in rows {
      text += "<row>"
      for cell in row {
        switch cell {
        case .number(let value): text += "<c><v>\(value)</v></c>"
        case .text(let value):
          let escaped: HTML = "\(value)"
          text += "<c t=\"inlineStr\"><is><t xml:space=\"preserve\">\(escaped.text)</t></is></c>"
        }
      }
      text += "</row>"
    }
    return text + "</sheetData></worksheet>"
  }

  /// A ZIP archive (APPNOTE 6.3.3) without compression, dated 1 January 1980.
  private struct Archive {
    private var bytes: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    mutating func add(_ name: String, _ text: String) {
      let content = Array(text.utf8)
      let place = bytes.count
      let common = Archive.common(name, content)
      bytes += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + content
      directory += [0x50, 0x4B, 1, 2, 20, 0] + common
      // No comment; the first disk; no attributes.
      directory += [UInt8](repeating: 0, count: 10) + Archive.four(place) + Array(name.utf8)
      count += 1
    }

    /// Version, flags, method, time, date, checksum, sizes, lengths: the same in both places.
    private static func common(_ name: String, _ content: [UInt8]) -> [UInt8] {
      [20, 0, 0, 8, 0, 0, 0, 0, 33, 0] + four(Int(checksum(content))) + four(content.count)
        + four(content.count) + two(name.utf8.count) + [0, 0]
    }

    func finished() -> [UInt8] {
      let end: [UInt8] =
        [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + Archive.two(count) + Archive.two(count)
        + Archive.four(directory.count) + Archive.four(bytes.count) + [0, 0]
      return bytes + directory + end
    }

    private static func two(_ value: Int) -> [UInt8] {
      [UInt8(value & 255), UInt8(value >> 8 & 255)]
    }

    private static func four(_ value: Int) -> [UInt8] {
      two(value & 0xFFFF) + two(value >> 16 & 0xFFFF)
    }

    /// CRC-32 of ISO 3309, reflected.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
      var sum: UInt32 = 0xFFFF_FFFF
      for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 255)] ^ (sum >> 8) }
      return sum ^ 0xFFFF_FFFF
    }

    private static let table: [UInt32] = (0..<256).map { index in
      (0..<8).reduce(UInt32(index)) { value, _ in
        value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
      }
    }
  }
}
