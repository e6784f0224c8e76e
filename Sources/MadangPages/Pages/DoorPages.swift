public import MadangProgramme
public import MadangViews

/// Signing in, one's own account, and what is shown where there is nothing to show.
public enum DoorPages {
  /// An identity provider, as the page offers it.
  public struct Provider: Sendable {
    public let name: String
    let takesInvitations: Bool

    public init(name: String, takesInvitations: Bool) {
      self.name = name
      self.takesInvitations = takesInvitations
    }
  }

  /// What a field that comes along is called at the door, before its own name: the door has a
  /// `name` and a `password` itself.
  public static let kept = "kept."

  /// `keep` are a form's fields that come along: nothing typed is lost by an expired session.
  public static func signIn(
    back: String, keep: [(name: String, value: String)], refusal: (any Refusing)?,
    provider: Provider? = nil,
    demo: [(name: String, password: String, role: String)], _ context: PageContext
  ) -> Page {
    let typed = keep.map {
      "<input type=\"hidden\" name=\"\(kept)\($0.name)\" value=\"\($0.value)\">" as HTML
    }
    let told: HTML =
      keep.isEmpty
      ? .none
      : """
      <p class="note">\(context.say(
        ko: "로그인하면 하던 일을 이어서 합니다.",
        en: "Sign in, and what you were doing goes on."))</p>
      """
    let refused: HTML = refusal.map { Pieces.refusal($0, context) } ?? .none
    let other = provider.map { elsewhere($0, back, typed, context) } ?? .none
    return Page(
      context.say(ko: "로그인", en: "Sign in"), in: nil,
      [
        .html(
          """
          \(refused)\(told)\(other)<form method="post" action="/signin" class="door">\
          <input type="hidden" name="back" value="\(back)">\(typed)
          <p class="field-row"><label for="name">\(context.say(ko: "이름", en: "Name"))</label>
          <input id="name" name="name" autocomplete="username" required autocapitalize="none"></p>
          <p class="field-row"><label for="password">\(context.say(
            ko: "비밀번호",
            en: "Password"))</label>
          <input id="password" name="password" type="password" autocomplete="current-password" \
          required></p>
          <button>\(context.say(ko: "로그인", en: "Sign in"))</button></form>
          """), .html(accounts(demo, context)),
      ])
  }

  /// The way through an identity provider.
  private static func elsewhere(
    _ provider: Provider, _ back: String, _ typed: [HTML], _ context: PageContext
  ) -> HTML {
    let invitation: HTML =
      provider.takesInvitations
      ? """
      <p class="field-row"><label for="invitation">\(context.say(
        ko: "초대 코드(처음 한 번만)", en: "Invitation (the first time only)"))</label>
      <input id="invitation" name="invitation" autocomplete="off" autocapitalize="none" \
      spellcheck="false"></p>

      """
      : .none
    return """
      <form method="post" action="/signin/openid" class="provider">\
      <input type="hidden" name="back" value="\(back)">\(typed)
      \(invitation)<button>\(context.say(
        ko: "\(provider.name)(으)로 로그인", en: "Sign in with \(provider.name)"))</button></form>
      <p class="note">\(context.say(
        ko: "또는 여기의 이름과 비밀번호로 로그인합니다.", en: "Or with a name and password of this place:"))</p>

      """
  }

  /// On the way to an identity provider, for browsers that do not go by themselves.
  public static func going(to address: String, name: String, _ context: PageContext) -> Page {
    Page(
      context.say(ko: "로그인", en: "Sign in"), in: nil,
      [
        .html(
          """
          <p><a href="\(address)" rel="noreferrer">\(context.say(
            ko: "\(name)(으)로 계속합니다", en: "Go on to \(name)"))</a></p>
          """)
      ])
  }

  private static func accounts(
    _ demo: [(name: String, password: String, role: String)], _ context: PageContext
  ) -> HTML {
    if demo.isEmpty { return .none }
    let rows = demo.map { account -> HTML in
      """
      <tr><td>\(account.role)</td><td><code>\(account.name)</code></td>\
      <td><code>\(account.password)</code></td></tr>

      """
    }
    return Pieces.section(
      context.say(ko: "연습용 계정", en: "Accounts of the exercise"),
      """
      <table class="plain"><thead><tr><th scope="col">\(context.say(ko: "역할", en: "Role"))</th>\
      <th scope="col">\(context.say(ko: "이름", en: "Name"))</th>\
      <th scope="col">\(context.say(ko: "비밀번호", en: "Password"))</th></tr></thead>
      <tbody>\(rows)</tbody></table>
      """)
  }

  /// A token of one's own, as the page shows it.
  public struct Token: Sendable {
    let number: Int64
    let label: String
    /// Nothing where it may all that its account may.
    let roles: [Role]?
    let expires: Instant
    let used: Instant?

    public init(number: Int64, label: String, roles: [Role]?, expires: Instant, used: Instant?) {
      self.number = number
      self.label = label
      self.roles = roles
      self.expires = expires
      self.used = used
    }
  }

  private static func table(_ tokens: [Token], _ context: PageContext) -> TableView {
    let all = context.say(ko: "전부", en: "all")
    return TableView(
      "tokens", caption: context.say(ko: "내 토큰(프로그램용)", en: "Your tokens, for programs"),
      columns: [
        .number(context.say(ko: "번호", en: "Number")),
        .text(context.say(ko: "무엇에", en: "What for")),
        .text(context.say(ko: "역할", en: "Roles")),
        .text(context.say(ko: "만료(실제 시계)", en: "Ends, by the machine's clock")),
        .text(context.say(ko: "마지막 사용", en: "Used last")), .text(""),
      ],
      rows: tokens.map { token in
        let form = ActionForm.html(
          "revokeToken", given: [("token", "\(token.number)")], back: "/me", context)
        let roles = token.roles?.map { $0.name(context.language) }.joined(separator: ", ")
        return [
          .number(token.number), .text(token.label), .text(roles ?? all),
          .text(context.time(token.expires)),
          token.used.map { .text(context.time($0)) } ?? .none, .html(form, ""),
        ]
      },
      empty: context.say(
        ko: "없습니다. ‘madang login’이 하나 만듭니다.", en: "There are none; ‘madang login’ makes one."))
  }

  /// One's own account: roles, what concerns one, and the programs that act for one.
  public static func me(_ context: PageContext, tokens: [Token]) -> Page {
    let programme = context.programme
    let roles = context.caller.grants.map { grant -> HTML in
      let role = grant.role.name(context.language)
      return "<li>\(grant.scopeName(context).map { "\(role): \($0)" } ?? role)</li>"
    }
    var applications = TableView(
      "mine", caption: context.say(ko: "우리 기관의 신청", en: "Your organisation's applications"),
      columns: [
        .text(context.say(ko: "신청", en: "Application")), .text(context.say(ko: "회차", en: "Round")),
        .number("GPU"), .text(context.say(ko: "상태", en: "Standing")),
      ],
      empty: context.say(ko: "신청이 없습니다.", en: "There are none."))
    if !context.caller.organisations.isEmpty {
      programme.applications.forEach { id, row in
        guard context.caller.concerns(row) else { return }
        applications.rows.append([
          .link(id, context.name(id), "applications"), .text(context.name(row.round)),
          .number(row.gpus),
          .text(row.standing.name(context.language)),
        ])
      }
    }
    let awards = context.caller.awards(in: programme)
      .map { "<li><a href=\"/awards/\($0)\">\(context.name($0))</a></li>" as HTML }
    var parts: [Page.Part] = [.html("<ul>\(roles)</ul>")]
    parts.append(.html(WorkList.html(context)))
    if programme.charter?.exercise == true {
      let clock = ActionForm.html("advance", back: "/me", context)
      if !clock.isEmpty {
        parts.append(
          .html(
            Pieces.section(
              context.say(ko: "연습의 시계", en: "The exercise's clock"),
              """
              <p>\(context.say(
                ko: "지금은 \(context.time(context.now))입니다.",
                en: "It is \(context.time(context.now)) now."))</p>
              \(clock)
              """)))
      }
    }
    if !context.caller.organisations.isEmpty { parts.append(.table(applications)) }
    if !awards.isEmpty {
      parts.append(
        .html(Pieces.section(context.say(ko: "우리 배정", en: "Your awards"), "<ul>\(awards)</ul>")))
    }
    parts.append(.table(table(tokens, context)))
    return Page(
      context.say(ko: "내 계정: ", en: "Account: ") + (context.caller.account ?? ""), in: nil, parts)
  }

  /// A refusal as a page.
  public static func refused(_ refusal: any Refusing, _ context: PageContext) -> Page {
    Page(
      context.say(ko: "거절되었습니다", en: "Refused"), in: nil,
      [
        .html(Pieces.refusal(refusal, context)),
        .html("<p><a href=\"/\">\(Room.overview.name(context.language))</a></p>"),
      ])
  }
}

extension Grant {
  /// Of which organisation or cluster it is, in words.
  fileprivate func scopeName(_ context: PageContext) -> String? {
    guard let scope else { return nil }
    switch role {
    case .team: return context.name(OrganisationID(Int(scope)))
    case .operator:
      let cluster = ClusterID(Int(scope))
      return context.programme.clusters.contains(cluster) ? context.name(cluster) : "\(cluster)"
    case .officer, .approver, .reviewer, .auditor: return nil
    }
  }
}
