public import Foundation
public import MadangSimulator

/// Reads a scenario of the simulator: it where the file has no fault, else every fault.
public func readScenario(at file: URL) -> (scenario: Scenario?, diagnostics: [Diagnostic]) {
  let reading = Reading(formatPage: "docs/simulate.md")
  let contents = FolderContents(
    bytes: { _ in FolderContents.bytes(of: file) }, names: { _ in [] })
  let draft = Page(file.lastPathComponent, contents, reading).map { ScenarioFile($0.value) }
  let diagnostics = reading.sorted
  guard diagnostics.isEmpty, let draft else { return (nil, diagnostics) }
  return (draft.scenario, [])
}
