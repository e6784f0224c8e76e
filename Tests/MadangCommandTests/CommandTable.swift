import Foundation

/// Every command of the command line, and where it is carried out. A new command that is not here
/// fails a test, and so does an operation that no command gives.
enum CommandTable {
  enum Place {
    /// On a folder or at a server, by these operations.
    case both([String])
    /// At a server alone, by these operations.
    case server([String])
    /// On a data folder alone, because…
    case folder(String)
    /// It asks neither a folder nor a server, because…
    case here(String)
  }

  static let all: [String: Place] = [
    "programme show": .both(["listAgreements"]), "programme figures": .both(["listSources"]),
    "programme advance": .both(["advance"]),
    "supply show": .both(["getSupply"]), "supply capacity": .both(["getCapacity"]),
    "supply line": .both(["getLine"]), "supply record": .both(["recordStep"]),
    "supply units": .both(["registerUnits"]),
    "supply maintenance": .both(["scheduleMaintenance"]), "call": .both(["listCalls"]),
    "application list": .both(["listApplications"]), "application show": .both(["getApplication"]),
    "application why": .both(["explainApplication"]),
    "application register": .both(["registerOrganisation"]),
    "application submit": .both(["submitApplication", "reviseApplication"]),
    "application withdraw": .both(["withdrawApplication"]),
    "application judge": .both(["judgeEligibility"]),
    "application review": .both(["reviewApplication", "reviewApplications"]),
    "application conflict": .both(["declareConflict"]),
    "round list": .both(["listRounds"]), "round show": .both(["getRound"]),
    "round ranking": .both(["getRanking"]), "round decide": .both(["draftRound"]),
    "round return": .both(["returnRound"]), "round approve": .both(["approveRound"]),
    "round publish": .both(["publishRound"]), "round compare": .both(["compareRound"]),
    "contract list": .both(["listOffers"]), "contract conclude": .both(["concludeContract"]),
    "contract decline": .both(["declineContract"]),
    "lending list": .both(["listLendings"]), "lending offer": .both(["offerLending"]),
    "lending conclude": .both(["concludeLending"]),
    "lending withdraw": .both(["withdrawLending"]), "lending end": .both(["endLending"]),
    "award list": .both(["listAwards"]), "award show": .both(["getAward"]),
    "award members": .both(["listMembers"]), "award add-member": .both(["addMember"]),
    "award remove-member": .both(["removeMember"]),
    "amendment list": .both(["listAmendments"]), "amendment draft": .both(["draftAmendment"]),
    "amendment approve": .both(["approveAmendment"]),
    "amendment return": .both(["returnAmendment"]),
    "allocation list": .both(["listAllocations"]), "allocation show": .both(["getAllocation"]),
    "allocation drift": .both(["listAllocations"]), "allocation make": .both(["allocate"]),
    "allocation confirm": .both(["confirmHandover"]),
    "cluster list": .both(["listClusters"]), "cluster show": .both(["getCluster"]),
    "cluster work": .both(["listWork"]), "cluster refused": .both(["listRefusedUsage"]),
    "agent list": .both(["listAgents"]), "agent revoke": .both(["revokeAgent"]),
    "usage show": .both(["getUsage"]), "usage settle": .both(["settle"]),
    "usage settlements": .both(["listSettlements"]), "account": .both(["getAccounts"]),
    "ledger heads": .both(["listHeads"]), "ledger prove": .both(["proveEvent"]),
    "ledger show": .both(["getEvent"]),

    "login": .server(["makeToken", "revokeToken"]),

    "programme load": .folder("the YAML that it reads lies where the office keeps its folder"),
    "programme export": .folder("it is a file of everybody's waiting work"),
    "allocation check": .folder("a server's yard does it all the time"),
    "agent token": .folder(
      "it lets a new key speak for a cluster, so it is given out at the office"),
    "ledger verify": .folder("it reads every event; a server's word for it would prove nothing"),
    "ledger export": .folder("it writes every leaf to a disk; events are asked for one by one"),
    "usage take-back": .folder("what was metered is mended where it is kept"),
    "usage archive": .folder("it drops rows of the office's own tables"),
    "usage recount": .folder("it reads every row; a server's word for it would prove nothing"),
    "job submit": .folder("it takes the caller's folder and environment, which are that machine's"),
    "job list": .folder(jobs), "job show": .folder(jobs), "job why": .folder(jobs),
    "job logs": .folder(jobs), "job cancel": .folder(jobs), "job wait": .folder(jobs),
    "user list": .folder(users), "user add": .folder(users), "user grant": .folder(users),
    "user password": .folder(users), "user disable": .folder(users),
    "user sign-out": .folder(users),
    "user link": .folder(users), "user unlink": .folder(users),
    "user identities": .folder(users), "user invite": .folder(users),
    "user token make": .folder(users), "user token list": .folder(users),
    "user token revoke": .folder(users),
    "demo": .folder("it makes the folder"), "serve": .folder("it is the server"),

    "programme check": .here("it reads YAML"), "schedule": .here("it decides a file"),
    "simulate": .here("it simulates a file"), "version": .here("it prints what it is"),
    "agent enrol": .here("it has the agents' own protocol"),
    "agent run": .here("it has the agents' own protocol"),
    "agent order": .here("it reads the agent's own folder, at the centre"),
  ]

  private static let jobs = "jobs run on the machine that has the folder, and write there"
  private static let users = "whoever has the folder says who may sign in"

  /// Operations that no command gives, each with its reason.
  static let otherwise: [String: String] = [
    "getProgramme": "the front page's numbers; people read `programme show` and `supply`",
    "getField": "a picture's dots", "listPools": "stands in `programme show`",
    "listSelected": "the public list; people read `round ranking`",
    "explainRank": "for whoever recomputes a reason; people read `application why`",
    "getHead": "the last of `ledger heads`", "getMe": "who a token is for",
    "listTokens": "on the account's own page; whoever has the folder asks `user token list`",
  ]
}
