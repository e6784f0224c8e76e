import Testing

struct ContractTests {
  static let round = """
    model h100
    line kakao h100 16
    pool a
    track ta a
    round r1 kakao:16
    """

  @Test func `a contract concluded in time becomes an award`() {
    check(
      """
      \(ContractTests.round)
      apply A ta 8 90 term=2026-04-01..2026-10-01
      decide r1
      = 1 A 90.000 selected kakao
      at 2026-02-10
      conclude A
      = A concluded 2026-02-10
      = award-1 8 of kakao 2026-04-01..2026-10-01
      conclude A
      = refused MDG-1303
      decline A
      = refused MDG-1303
      """)
  }

  @Test func `it is in time until the last second of the last day`() {
    // 14 calendar days after Sunday 1 February: the 15th is a Sunday, the 16th and 17th a holiday.
    let script = """
      holidays 2026-02-16 2026-02-17
      \(ContractTests.round)
      apply A ta 8 90
      decide r1
      = 1 A 90.000 selected kakao
      """
    check(
      """
      \(script)
      at 2026-02-18T23:59:59
      conclude A
      = A concluded 2026-02-18
      = award-1 8 of kakao 2026-03-01..2027-03-01
      """)
    check(
      """
      \(script)
      at 2026-02-19T00:00:00
      conclude A
      = refused MDG-1304
      """)
  }

  @Test func `business days are counted as such`() {
    // Ten business days after Sunday 1 February, with two holidays in the third week.
    check(
      """
      holidays 2026-02-10 2026-02-11
      model h100
      line kakao h100 8
      pool a
      track ta a
      round r1 kakao:8 accept=10b
      apply A ta 8 90
      decide r1
      = 1 A 90.000 selected kakao
      at 2026-02-17T23:59:59
      advance 2026-02-17T23:59:59
      conclude A
      = A concluded 2026-02-17
      = award-1 8 of kakao 2026-03-01..2027-03-01
      """)
  }

  /// A command received just after midnight made it today, and no offer lapsed before the next.
  @Test func `a day that began has to be passed on purpose, whatever else was received in it`() {
    check(
      """
      \(ContractTests.round)
      due
      = not due
      apply A ta 8 90
      decide r1
      = 1 A 90.000 selected kakao
      advance 2026-02-01T00:00:00
      due
      = not due
      at 2026-02-16T00:00:02
      org late jeju
      due
      = due
      advance 2026-02-16T00:00:02
      = A lapsed
      due
      = not due
      at 2026-02-16T23:59:59
      due
      = not due
      """)
  }

  @Test func `received before the deadline is in time, though programme time went on`() {
    check(
      """
      \(ContractTests.round)
      apply A ta 8 90
      apply B ta 8 80
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao
      at 2026-02-16T00:00:05
      decline B
      = B declined
      at 2026-02-15T23:59:59
      conclude A
      = A concluded 2026-02-16
      = award-1 8 of kakao 2026-03-01..2027-03-01
      """)
  }

  @Test func `when somebody declines, the head of the reserve list moves up`() {
    check(
      """
      \(ContractTests.round)
      apply A ta 8 90
      apply B ta 8 80
      apply C ta 8 70
      apply D ta 8 60
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao
      = 3 C 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
      = 4 D 60.000 capacityExhausted 0 on 2026-03-01 reserve 2
      at 2026-02-03
      decline A
      = A declined
      = C moves up to kakao by 2026-02-17
      decline A
      = refused MDG-1303
      conclude D
      = refused MDG-1302
      """)
  }

  @Test func `with skips the reserve list is gone down for whoever fits`() {
    let script = """
      \(ContractTests.round)
      apply A ta 8 90
      apply B ta 8 80
      apply C ta 16 70
      apply D ta 8 60
      """
    check(
      """
      \(script)
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao
      = 3 C 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
      = 4 D 60.000 capacityExhausted 0 on 2026-03-01 reserve 2
      decline B
      = B declined
      = D moves up to kakao by 2026-02-15
      """)
    check(
      """
      \(script)
      decide r1 strict=yes
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao
      = 3 C 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
      = 4 D 60.000 closed by 3 reserve 2
      decline B
      = B declined
      decline A
      = A declined
      = C moves up to kakao by 2026-02-15
      """)
  }

  @Test func `offers of one day lapse together, and the head of the list gets their sum`() {
    check(
      """
      \(ContractTests.round)
      apply A ta 8 90
      apply B ta 8 80
      apply C ta 16 70
      apply D ta 8 60
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao
      = 3 C 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
      = 4 D 60.000 capacityExhausted 0 on 2026-03-01 reserve 2
      at 2026-02-15T23:59:59
      advance 2026-02-15T23:59:59
      at 2026-02-16T00:00:00
      advance 2026-02-16T00:00:00
      = A lapsed
      = B lapsed
      = C moves up to kakao by 2026-03-02
      conclude A
      = refused MDG-1303
      at 2026-03-05
      advance 2026-03-05
      = C lapsed
      = D moves up to kakao by 2026-03-19
      """)
  }

  /// A round whose period ends with the programme's days: 2033-03-20 is out.
  private static let lastDays = """
    readable 30
    model h100
    line kakao h100 16
    cluster desk h100 1
    engine desk local
    pool a
    track ta a
    round r1 kakao:16 opens=2033-01-01T00:00:00 closes=2033-03-10T00:00:00 \
    period=2033-03-12..2033-03-20 accept=5
    at 2033-01-02
    apply A ta 8 90
    apply B ta 8 80
    apply C ta 8 70
    decide r1
    = 1 A 90.000 selected kakao
    = 2 B 80.000 selected kakao
    = 3 C 70.000 capacityExhausted 0 on 2033-03-12 reserve 1
    conclude A
    = A concluded 2033-03-10
    = award-1 8 of kakao 2033-03-12..2033-03-20
    """

  /// The last days could not be passed: no day was left in which somebody could have accepted, and
  /// the moment after the last of them was outside.
  @Test func `the programme's days can be passed to their end, and nobody moves up too late`() {
    let end = ContractTests.lastDays
    check(
      """
      \(end)
      at 2033-03-14
      decline B
      = B declined
      = C moves up to kakao by 2033-03-19
      """)
    check(
      """
      \(end)
      at 2033-03-15
      decline B
      = B declined
      """)
    check(
      """
      \(end)
      allocate award-1 desk 8
      = allocation-1 8 at desk 2033-03-12..2033-03-20
      at 2033-03-12
      read desk 1:8/8
      = allocation-1 enforced
      = award-1 clock 2033-03-12, delay 0, to 2033-03-20, owed 0
      at 2033-03-16
      advance 2033-03-16
      = B lapsed
      at 2033-03-20T00:00:01
      org late jeju
      due
      = due
      advance 2033-03-20T00:00:01
      = refused MDG-1008
      advance 2033-03-20T00:00:00
      = award-1 ended 2033-03-20
      due
      = not due
      conclude C
      = refused MDG-1302
      """)
  }

  @Test func `what is readable is so to the programme's last day at most, and is wiped then`() {
    let end = ContractTests.lastDays
    check(
      """
      \(end)
      allocate award-1 desk 8
      = allocation-1 8 at desk 2033-03-12..2033-03-20
      at 2033-03-18
      read desk 1:8/8
      = allocation-1 enforced
      = award-1 clock 2033-03-18, delay 6, to 2033-03-20, owed 6
      draft-amendment award-1 end
      = amendment-1 drafted
      approve-amendment 1
      = amendment-1 approved
      = award-1 ended 2033-03-18
      at 2033-03-20T00:00:00
      advance 2033-03-20T00:00:00
      = allocation-1 to be wiped at desk
      = B lapsed
      # Not yet wiped; then it is, a month after the programme's last day.
      at 2033-04-20T00:00:00
      read desk 1:8/8
      read desk
      = allocation-1 back 2033-03-20
      read desk
      """)
  }

  /// A report was refused as a whole, so that nothing that was late came in any more either.
  @Test func `after the last day what is over comes back, and nothing begins`() {
    check(
      """
      \(ContractTests.lastDays)
      allocate award-1 desk 8
      = allocation-1 8 at desk 2033-03-12..2033-03-20
      at 2033-04-01T00:00:00
      read desk 1:8/8
      advance 2033-03-20T00:00:00
      = award-1 ended 2033-03-20
      = B lapsed
      read desk 1:8/8
      read desk
      = allocation-1 back 2033-03-20
      """)
  }

  /// award-1 has all of kakao to 1 August; a week of reading follows.
  private static let reading = """
    readable 7
    model h100
    line kakao h100 16
    cluster desk h100 2
    engine desk local
    pool a
    track ta a
    round r1 kakao:16 period=2026-05-01..2026-08-01
    round r2 kakao:16 period=2026-08-01..2027-01-01 closes=2026-06-10T00:00:00
    apply A ta 16 90 round=r1 term=2026-05-01..2026-08-01
    decide r1
    = 1 A 90.000 selected kakao
    conclude A
    = A concluded 2026-02-01
    = award-1 16 of kakao 2026-05-01..2026-08-01
    allocate award-1 desk 16
    = allocation-1 16 at desk 2026-05-01..2026-08-01
    at 2026-05-01
    read desk 1:16/16
    = allocation-1 enforced
    = award-1 clock 2026-05-01, delay 0, to 2026-08-01, owed 0
    """

  /// A selected team lost its offer because the team before it had its days of reading.
  @Test func `what has ended and is not wiped keeps nobody from what it was selected for`() {
    check(
      """
      \(ContractTests.reading)
      apply B ta 16 80 round=r2 term=2026-08-08..2026-09-01
      at 2026-07-22
      decide r2
      = 1 B 80.000 selected kakao
      at 2026-08-01
      advance 2026-08-01T00:00:00
      = award-1 ended 2026-08-01
      at 2026-08-05
      conclude B
      = B concluded 2026-08-05
      = award-2 16 of kakao 2026-08-08..2026-09-01
      # Nobody wiped it in time: the clock starts when it works.
      at 2026-08-08
      advance 2026-08-08T00:00:00
      = allocation-1 to be wiped at desk
      """)
    // Nor where the wipe is late.
    check(
      """
      \(ContractTests.reading)
      apply B ta 16 80 round=r2 term=2026-08-08..2026-09-01
      at 2026-08-01
      advance 2026-08-01T00:00:00
      = award-1 ended 2026-08-01
      decide r2
      = 1 B 80.000 selected kakao
      at 2026-08-12
      advance 2026-08-12
      = allocation-1 to be wiped at desk
      conclude B
      = B concluded 2026-08-12
      = award-2 16 of kakao 2026-08-08..2026-09-01
      """)
  }

  @Test func `a decision counts the days on which the team before reads what it left`() {
    check(
      """
      \(ContractTests.reading)
      apply B ta 8 90 round=r2 term=2026-08-01..2026-09-01
      apply C ta 16 80 round=r2 term=2026-08-08..2026-09-01
      at 2026-07-22
      decide r2
      = 1 B 90.000 capacityExhausted 0 on 2026-08-01 reserve 1
      = 2 C 80.000 selected kakao
      """)
  }

  /// It counted as held to the end of all days, so that a round offered nothing of it.
  @Test func `what waits for its wipe is held to the day by which it is to be back, and no longer`()
  {
    check(
      """
      \(ContractTests.reading)
      apply B ta 16 90 round=r2 term=2026-08-04..2026-09-01
      apply C ta 16 80 round=r2 term=2026-10-01..2027-01-01
      at 2026-08-03
      advance 2026-08-03
      = award-1 ended 2026-08-01
      decide r2
      = 1 B 90.000 capacityExhausted 0 on 2026-08-04 reserve 1
      = 2 C 80.000 selected kakao
      """)
    // Overdue, it may be back tomorrow.
    check(
      """
      \(ContractTests.reading)
      apply B ta 16 90 round=r2 term=2026-08-20..2026-09-01
      apply C ta 16 80 round=r2 term=2026-08-21..2026-09-01
      at 2026-08-20
      advance 2026-08-20
      = award-1 ended 2026-08-01
      = allocation-1 to be wiped at desk
      decide r2
      = 1 B 90.000 capacityExhausted 0 on 2026-08-20 reserve 1
      = 2 C 80.000 selected kakao
      """)
  }

  /// The reserve list moved up to terms that were over, and contracts were concluded for them.
  @Test func `of a term that is over nothing is decided, moved up to or concluded`() {
    check(
      """
      \(ContractTests.round)
      apply A ta 16 90
      apply B ta 16 80 term=2026-03-01..2026-03-05
      apply C ta 16 70 term=2026-03-01..2026-06-01
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 capacityExhausted 0 on 2026-03-01 reserve 1
      = 3 C 70.000 capacityExhausted 0 on 2026-03-01 reserve 2
      at 2026-03-05
      decline A
      = A declined
      = C moves up to kakao by 2026-03-19
      """)
    check(
      """
      \(ContractTests.round)
      apply A ta 8 90 term=2026-03-01..2026-03-05
      apply B ta 8 80
      at 2026-02-25
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao
      at 2026-03-05
      conclude A
      = refused MDG-1306
      """)
    check(
      """
      \(ContractTests.round)
      apply A ta 16 90 term=2026-03-01..2026-03-05
      apply B ta 16 80
      at 2026-03-04
      close r1
      draft r1
      approve r1
      at 2026-03-05
      publish r1
      = refused MDG-1229
      return r1
      draft r1
      approve r1
      publish r1
      = 1 B 80.000 selected kakao
      = 0 A 90.000 termOver on 2026-03-05
      """)
  }

  @Test func `nobody moves up into what another round holds`() {
    check(
      """
      \(ContractTests.round)
      apply A ta 8 90
      apply B ta 8 80
      apply C ta 16 70
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 selected kakao
      = 3 C 70.000 capacityExhausted 0 on 2026-03-01 reserve 1
      decline B
      = B declined
      round r2 kakao:16 closes=2026-02-10T00:00:00
      apply D ta 8 90
      decide r2
      = 1 D 90.000 selected kakao
      decline A
      = A declined
      decline D
      = D declined
      """)
  }

  @Test func `nobody moves up into maintenance`() {
    check(
      """
      \(ContractTests.round)
      apply A ta 16 90
      apply B ta 16 80
      apply C ta 8 70
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 80.000 capacityExhausted 0 on 2026-03-01 reserve 1
      = 3 C 70.000 capacityExhausted 0 on 2026-03-01 reserve 2
      maintenance kakao 4 2026-10-01..2026-10-02
      decline A
      = A declined
      = C moves up to kakao by 2026-02-15
      """)
  }

  @Test func `who moves up stays under its share and its organisation's cap`() {
    check(
      """
      org o1 inland
      model h100
      line kakao h100 32
      pool a
      pool b
      track ta a
      track tb b
      round r1 kakao:32 shares=a:1,b:1 organisationCap=16
      apply A ta 8 90 org=o1
      apply B ta 8 88
      apply C tb 8 86 org=o1
      apply D tb 8 84
      apply E ta 8 82 org=o1
      apply F tb 8 80
      apply G ta 8 78
      decide r1
      = 1 A 90.000 selected kakao
      = 2 B 88.000 selected kakao
      = 3 C 86.000 selected kakao
      = 4 D 84.000 selected kakao
      = 5 E 82.000 organisationCap 16 of 16 reserve 1
      = 6 F 80.000 shareExhausted b has 0 on 2026-03-01 reserve 2
      = 7 G 78.000 shareExhausted a has 0 on 2026-03-01 reserve 3
      decline B
      = B declined
      = G moves up to kakao by 2026-02-15
      decline C
      = C declined
      = F moves up to kakao by 2026-02-15
      decline A
      = A declined
      = E moves up to kakao by 2026-02-15
      """)
  }
}
