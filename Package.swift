// swift-tools-version: 6.2
import PackageDescription

// `MADANG_PURE=1 swift test` builds the pure targets and their tests alone: no dependency, seconds.
let pureOnly = Context.environment["MADANG_PURE"] == "1"

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
]
let pure = strict + [.strictMemorySafety()]

var targets: [Target] = [
  // The chain as pure values and rules. Imports nothing.
  .target(name: "MadangProgramme", swiftSettings: pure),
  // Who runs where: fleet, shares, placement, backfill, reclaim, reasons. Imports nothing.
  .target(name: "MadangScheduler", swiftSettings: pure),
  .testTarget(
    name: "MadangSchedulerTests", dependencies: ["MadangScheduler", "MadangSimulator"],
    swiftSettings: strict),
  // Virtual time, traces, scenarios, policies and their measures; the core is one of them.
  .target(
    name: "MadangSimulator", dependencies: ["MadangProgramme", "MadangScheduler"],
    swiftSettings: pure),
  .testTarget(
    name: "MadangProgrammeTests", dependencies: ["MadangProgramme", "MadangSimulator"],
    exclude: ["Golden", "disclosure.txt"], swiftSettings: strict),
  .testTarget(
    name: "MadangSimulatorTests", dependencies: ["MadangSimulator", "MadangProgramme"],
    swiftSettings: strict),
]

if !pureOnly {
  let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
  let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
  targets += [
    // A few functions over the system's libcrypto, so that no newcomer waits for a TLS library.
    .target(name: "CMadangCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    .target(
      name: "MadangJournal", dependencies: ["MadangProgramme", "CMadangCrypto", grdb],
      swiftSettings: strict),
    .target(
      name: "MadangDocuments",
      dependencies: ["MadangProgramme", "MadangScheduler", "MadangSimulator", "Yams"],
      swiftSettings: strict),
    .executableTarget(
      name: "madang",
      dependencies: [
        "MadangProgramme", "MadangScheduler", "MadangSimulator", "MadangJournal",
        "MadangDocuments", arguments,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "madang-bench",
      dependencies: [
        "MadangProgramme", "MadangScheduler", "MadangSimulator", "MadangJournal", grdb,
      ],
      swiftSettings: strict),
    // Many clients at one journal, to be killed: what the durability tests start.
    .executableTarget(
      name: "madang-storm", dependencies: ["MadangJournal", "MadangProgramme"],
      path: "Tests/Storm", exclude: ["powercut.c"], swiftSettings: strict),
    .testTarget(
      name: "MadangJournalTests",
      dependencies: ["MadangJournal", "MadangProgramme", "MadangSimulator", "madang-storm", grdb],
      swiftSettings: strict),
    .testTarget(
      name: "MadangDocumentsTests", dependencies: ["MadangDocuments", "MadangProgramme"],
      swiftSettings: strict),
    .testTarget(
      name: "MadangCommandTests", dependencies: ["madang", "MadangProgramme"],
      exclude: ["Schedules"], swiftSettings: strict),
    .testTarget(name: "TidyTests", swiftSettings: strict),
  ]
}

let package = Package(
  name: "madang",
  defaultLocalization: "en",
  products: pureOnly ? [] : [.executable(name: "madang", targets: ["madang"])],
  dependencies: pureOnly
    ? []
    : [
      .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
      .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
      .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
  targets: targets,
  swiftLanguageModes: [.v6]
)
