public import Foundation
public import MadangSimulator

/// Reads a scenario of the simulator: it where the file has no fault, else every fault.
public func readScenario(at file: URL) -> (scenario: Scenario?, diagnostics: [Diagnostic]) {
  let reading = Reading(formatPage: "docs/simulate.md")
  let name = file.lastPathComponent
  let bytes: [UInt8]
  switch FolderContents.bytes(of: file) {
  case .success(let read): bytes = read
  case .failure(let fault): return (nil, [fault.alone(name, formatPage: reading.formatPage)])
  }
  let draft = Page(file: name, bytes: bytes, reading: reading).map { ScenarioFile($0.value) }
  let diagnostics = reading.sorted
  guard diagnostics.isEmpty, let draft else { return (nil, diagnostics) }
  return (draft.scenario, [])
}
