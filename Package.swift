// swift-tools-version: 6.2
import PackageDescription

// `MADANG_PURE=1 swift test` builds what needs no dependency, and its tests: seconds.
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
  // Jobs and the dispatch loop, as pure state machines. Imports Programme and Scheduler.
  .target(
    name: "MadangControl", dependencies: ["MadangProgramme", "MadangScheduler"],
    swiftSettings: pure),
  // Who runs where: fleet, shares, placement, backfill, reclaim, reasons. Imports nothing.
  .target(name: "MadangScheduler", swiftSettings: pure),
  .testTarget(
    name: "MadangSchedulerTests", dependencies: ["MadangScheduler", "MadangSimulator"],
    swiftSettings: strict),
  // Virtual time, traces, scenarios, policies and their measures; the core is one of them.
  .target(
    name: "MadangSimulator", dependencies: ["MadangProgramme", "MadangScheduler"],
    swiftSettings: pure),
  // What runs things at a centre, behind one protocol: hand-over, local.
  .target(
    name: "MadangEngines",
    dependencies: ["MadangProgramme", "CMadangProcess", "madang-supervise"],
    swiftSettings: strict),
  // System calls of the local engine.
  .target(name: "CMadangProcess", cSettings: [.define("_GNU_SOURCE")]),
  // One small process a local job: docs/decisions/0007-a-supervisor-of-its-own.md.
  .executableTarget(name: "madang-supervise", cSettings: [.define("_GNU_SOURCE")]),
  // The reconcile loop at a centre: desired, apply, read back, report.
  .target(
    name: "MadangAgent", dependencies: ["MadangEngines", "MadangProgramme"],
    swiftSettings: strict),
  .testTarget(
    name: "MadangAgentTests", dependencies: ["MadangAgent", "MadangEngines", "MadangProgramme"],
    swiftSettings: strict),
  .testTarget(
    name: "MadangHandoverTests", dependencies: ["MadangEngines", "MadangProgramme"],
    swiftSettings: strict),
  // A simulated engine and its faults: for the simulation and the engines' conformance suite.
  .target(
    name: "MadangTestEngines",
    dependencies: ["MadangEngines", "MadangProgramme", "MadangSimulator"],
    path: "Tests/TestEngines", swiftSettings: strict),
  // Writer, agents and engines under faults that a seed decides.
  .testTarget(
    name: "MadangSimulationTests",
    dependencies: [
      "MadangAgent", "MadangControl", "MadangEngines", "MadangProgramme", "MadangSimulator",
      "MadangTestEngines",
    ], swiftSettings: strict),
  .testTarget(
    name: "MadangProgrammeTests", dependencies: ["MadangProgramme", "MadangSimulator"],
    exclude: ["Golden", "disclosure.txt"], swiftSettings: strict),
  .testTarget(
    name: "MadangControlTests",
    dependencies: ["MadangControl", "MadangProgramme", "MadangSimulator"],
    swiftSettings: strict),
  // Who may see and do what, and how things look to programs: JSON, words, rights.
  .target(name: "MadangViews", dependencies: ["MadangProgramme"], swiftSettings: pure),
  // The pages: a programme and who looks become HTML. The stylesheet and scripts lie beside.
  .target(
    name: "MadangPages", dependencies: ["MadangProgramme", "MadangViews"],
    resources: [
      .embedInCode("Assets/madang.css"), .embedInCode("Assets/field.js"),
      .embedInCode("Assets/ledger.js"), .embedInCode("Assets/madang.js"),
    ], swiftSettings: strict),
  .testTarget(
    name: "MadangViewsTests",
    dependencies: ["MadangPages", "MadangProgramme", "MadangSimulator", "MadangViews"],
    exclude: ["access.txt"], swiftSettings: strict),
  .testTarget(
    name: "MadangSimulatorTests", dependencies: ["MadangSimulator", "MadangProgramme"],
    swiftSettings: strict),
]

if !pureOnly {
  let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
  let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")
  let arguments: Target.Dependency = .product(
    name: "ArgumentParser", package: "swift-argument-parser")
  let network: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
  ]
  targets += [
    // A few functions over the system's libcrypto, so that no newcomer waits for a TLS library.
    .target(name: "CMadangCrypto", linkerSettings: [.linkedLibrary("crypto")]),
    // Hashes, signatures and random bytes, behind one protocol.
    .target(
      name: "MadangCrypto", dependencies: ["MadangProgramme", "CMadangCrypto"],
      swiftSettings: strict),
    .target(
      name: "MadangJournal", dependencies: ["MadangProgramme", "MadangCrypto", grdb, sqlite],
      swiftSettings: strict),
    // Accounts, sessions, tokens and who saw what, in a file of their own beside the journal.
    .target(
      name: "MadangAccess",
      dependencies: ["MadangCrypto", "MadangProgramme", "MadangViews", "CMadangCrypto", grdb],
      swiftSettings: strict),
    .testTarget(
      name: "MadangAccessTests",
      dependencies: [
        "MadangAccess", "MadangCrypto", "MadangProgramme", "MadangViews", "CMadangCrypto", grdb,
      ], swiftSettings: strict),
    // A remote agent's way to the office: HTTPS, and a key of its own.
    .target(
      name: "MadangTransport",
      dependencies: ["MadangAgent", "MadangCrypto", "MadangProgramme"] + network
        + [.product(name: "NIOHTTP1", package: "swift-nio")],
      swiftSettings: strict),
    .target(
      name: "MadangDocuments",
      dependencies: ["MadangProgramme", "MadangScheduler", "MadangSimulator", "Yams"],
      swiftSettings: strict),
    // The office's process: the journal, the agents it runs itself and those that call it.
    .target(
      name: "MadangServer",
      dependencies: [
        "MadangAccess", "MadangAgent", "MadangControl", "MadangCrypto", "MadangEngines",
        "MadangJournal", "MadangPages", "MadangProgramme", "MadangTransport", "MadangViews",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ] + network, swiftSettings: strict),
    .executableTarget(
      name: "madang",
      dependencies: [
        "MadangProgramme", "MadangScheduler", "MadangSimulator", "MadangJournal",
        "MadangDocuments", "MadangServer", "MadangControl", "MadangEngines", "MadangAgent",
        "MadangAccess", "MadangTransport", "MadangViews", arguments,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "madang-bench",
      dependencies: [
        "MadangProgramme", "MadangScheduler", "MadangSimulator", "MadangJournal", "MadangEngines",
        "MadangAgent", "MadangServer", "madang", grdb,
      ],
      swiftSettings: strict),
    // Many clients at one journal, to be killed: what the durability tests start.
    .executableTarget(
      name: "madang-storm", dependencies: ["MadangJournal", "MadangProgramme"],
      path: "Tests/Storm", exclude: ["powercut.c", "synccount.c"], swiftSettings: strict),
    .testTarget(
      name: "MadangJournalTests",
      dependencies: ["MadangJournal", "MadangProgramme", "MadangSimulator", "madang-storm", grdb],
      swiftSettings: strict),
    // A server over the local engine, to be killed: what its tests start.
    .executableTarget(
      name: "madang-local-storm", dependencies: ["MadangEngines", "MadangProgramme"],
      path: "Tests/LocalStorm", swiftSettings: strict),
    .testTarget(
      name: "MadangEnginesTests",
      dependencies: [
        "MadangAgent", "MadangEngines", "MadangProgramme", "MadangSimulator",
        "MadangTestEngines", "madang-local-storm",
      ], swiftSettings: strict),
    .testTarget(
      name: "MadangDocumentsTests",
      dependencies: ["MadangDocuments", "MadangProgramme", "MadangSimulator"],
      swiftSettings: strict),
    .testTarget(
      name: "MadangCommandTests",
      dependencies: ["madang", "MadangProgramme", "MadangJournal", "MadangViews"],
      exclude: ["Schedules"],
      swiftSettings: strict),
    .testTarget(
      name: "MadangServerTests",
      dependencies: [
        "MadangAccess", "MadangAgent", "MadangControl", "MadangCrypto", "MadangEngines",
        "MadangJournal", "MadangPages", "MadangProgramme", "MadangServer", "MadangTransport",
        "MadangViews",
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
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
      .package(
        url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
      .package(
        url: "https://github.com/apple/swift-http-types.git", from: "1.8.0", traits: []),
      .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.0"),
      .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.34.1"),
      .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.2"),
      .package(url: "https://github.com/apple/swift-log.git", from: "1.14.0"),
      .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
    ],
  targets: targets,
  swiftLanguageModes: [.v6]
)
