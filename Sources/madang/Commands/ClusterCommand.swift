import ArgumentParser

struct ClusterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: .said(
      ko: "클러스터: 엔진과 거기서 읽어 온 것.",
      en: "Clusters: their engines, and what was read back from them."),
    discussion: .said(
      examples: """
        madang cluster
        madang cluster show naver-h200-255
        madang cluster work naver-h200-255
        madang cluster refused naver-h200-255 --json
        """),
    subcommands: [ClusterList.self, ClusterShow.self, ClusterWork.self, ClusterRefused.self],
    defaultSubcommand: ClusterList.self)
}

struct ClusterList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: .said(ko: "모든 클러스터와 엔진, 에이전트.", en: "Every cluster with its engine and agent."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listClusters")
  }
}

struct ClusterShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(
      ko: "클러스터에 적용되어야 할 것과 읽어 본 것.",
      en: "What should be enforced at a cluster, and what was found."))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "클러스터의 짧은 이름.", en: "The cluster, by short name.")) var cluster: String

  func run() throws {
    try common.show("getCluster", ["cluster": try common.cluster(cluster).id])
  }
}

struct ClusterWork: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "work",
    abstract: .said(
      ko: "클러스터가 기다리는 일: 제공, 수리, 회수.",
      en: "What a cluster waits for: to be provided, mended, taken back."))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "클러스터의 짧은 이름.", en: "The cluster, by short name.")) var cluster: String

  func run() throws {
    try common.show("listWork", ["cluster": try common.cluster(cluster).id])
  }
}

struct ClusterRefused: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "refused",
    abstract: .said(
      ko: "클러스터의 에이전트가 보냈으나 받지 않은 사용량과 그 사유.",
      en: "Usage that a cluster's agent sent and that was not taken, with the reason."),
    discussion: .said(
      ko: "어느 계정에도 들지 않습니다. 무엇이었는지 누군가 알아내야 합니다.",
      en: "It is in no account: somebody has to find out what it was."))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "클러스터의 짧은 이름.", en: "The cluster, by short name.")) var cluster: String
  @Option(name: .long, help: .said(ko: "최대 행 수. 0이면 모두.", en: "At most so many rows; 0 for all."))
  var limit = 0

  func run() throws {
    try common.show(
      "listRefusedUsage", ["cluster": try common.cluster(cluster).id], limit: limit)
  }
}
