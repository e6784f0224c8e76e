import ArgumentParser

struct ClusterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Clusters: their engines, and what was read back from them.",
    discussion: """
      Examples:
        madang cluster
        madang cluster show naver-h200-255
        madang cluster work naver-h200-255
        madang cluster refused naver-h200-255 --json
      """,
    subcommands: [ClusterList.self, ClusterShow.self, ClusterWork.self, ClusterRefused.self],
    defaultSubcommand: ClusterList.self)
}

struct ClusterList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Every cluster with its engine and agent.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listClusters")
  }
}

struct ClusterShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "What should be enforced at a cluster, and what was found.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The cluster, by short name.") var cluster: String

  func run() throws {
    try common.show("getCluster", ["cluster": try common.cluster(cluster).id])
  }
}

struct ClusterWork: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work", abstract: "What a cluster waits for: to be provided, mended, taken back.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The cluster, by short name.") var cluster: String

  func run() throws {
    try common.show("listWork", ["cluster": try common.cluster(cluster).id])
  }
}

struct ClusterRefused: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refused",
    abstract: "Usage that a cluster's agent sent and that was not taken, with the reason.",
    discussion: "It is in no account: somebody has to find out what it was.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The cluster, by short name.") var cluster: String
  @Option(name: .long, help: "At most so many rows; 0 for all.") var limit = 0

  func run() throws {
    try common.show(
      "listRefusedUsage", ["cluster": try common.cluster(cluster).id], limit: limit)
  }
}
