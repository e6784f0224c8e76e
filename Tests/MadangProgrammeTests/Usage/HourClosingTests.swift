import Testing

@testable import MadangProgramme

/// Where the GPU-seconds of an hour go, by table.
struct HourClosingTests {
  @Test func `an hour that nobody observed is unobserved, and nothing is guessed`() {
    checkHour(
      """
      capacity 64
      award 1 gpus=32 ready=32
      devices up=64
      = unobserved 230400
      """)
  }

  @Test func `used, idle in an award and unallocated are what is left of what is up`() {
    checkHour(
      """
      capacity 64
      observed 0..3600
      devices up=64
      award 1 gpus=32 ready=32
      use 1 16 0..1800
      use 2 8 0..3600
      = used 1 28800
      = used 2 28800
      = idle 1 86400
      = unallocated 86400
      """)
  }

  @Test func `what was metered counts while nobody looked; the rest of that time nobody knows`() {
    checkHour(
      """
      capacity 8
      observed 0..1800
      devices up=8
      use 1 4 0..3600
      = used 1 14400
      = unallocated 7200
      = unobserved 7200
      """)
  }

  @Test func `down and maintenance come before an award, whose rest is idle`() {
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=8 down=4 maintenance=4
      award 1 gpus=16 ready=8
      use 1 8 0..900
      = used 1 7200
      = idle 1 21600
      = down 14400
      = maintenance 14400
      """)
  }

  @Test func `an award that waits is delayed, and a GPU prepared for it is counted once`() {
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=8 preparing=8
      award 1 gpus=8 ready=0
      = unallocated 28800
      = delayed 1 28800
      """)
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=8 preparing=8
      award 1 gpus=4 ready=0
      award 1 ready=4 at=1800
      = idle 1 7200
      = unallocated 21600
      = delayed 1 7200
      = delayed - 21600
      """)
  }

  @Test func `the operator's share comes before awards and free GPUs`() {
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=16
      operator 4
      award 1 gpus=8 ready=8
      = idle 1 28800
      = unallocated 14400
      = operatorShare 14400
      """)
  }

  @Test func `GPUs that the engine does not show are unobserved; more than there are contradict`() {
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=12
      = unallocated 43200
      = unobserved 14400
      """)
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=20
      = unallocated 57600
      = contradicted 14400
      """)
  }

  @Test func `a server that is down and runs a job is used, and the contradiction counted`() {
    checkHour(
      """
      capacity 8
      observed 0..3600
      devices up=4 down=4
      use 1 8 0..3600
      = used 1 28800
      = contradicted 14400
      """)
  }

  @Test func `more usage than GPUs is cut, the lowest allocation first served, nobody's last`() {
    checkHour(
      """
      capacity 8
      observed 0..3600
      devices up=8
      use 2 4 0..3600
      use 1 6 0..3600
      use - 4 0..3600
      = used 1 21600
      = used 2 7200
      = contradicted 21600
      """)
  }

  @Test func `what a team uses of what another lends it is lent, and what it does not use idle`() {
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=16
      award 1 gpus=4 ready=4
      award 2 gpus=8 ready=8 lent=
      use 1 2 0..3600
      use 2 6 0..3600
      = used 1 7200
      = lent 2 21600
      = idle 1 7200
      = idle 2 7200
      = unallocated 14400
      """)
    // More than it is lent it uses like anybody; what is not ready yet is not lent.
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=16
      award 2 gpus=8 ready=4 lent=
      use 2 6 0..3600
      = used 2 7200
      = lent 2 14400
      = unallocated 21600
      = delayed 2 14400
      """)
  }

  @Test func `what an engine ran for nobody is used, in nobody's name`() {
    checkHour(
      """
      capacity 8
      observed 0..3600
      devices up=8
      use - 8 0..60
      = used - 480
      = unallocated 28320
      """)
  }

  @Test func `a job that runs across the hour has in it what lies in it`() {
    checkHour(
      """
      capacity 8
      observed 0..3600
      devices up=8
      use 1 8 -600..600
      use 1 8 3000..7200
      use 1 8 3600..7200
      use 1 8 -100..0
      = used 1 9600
      = unallocated 19200
      """)
  }

  @Test func `capacity that changes within the hour is accounted for by the second`() {
    checkHour(
      """
      capacity 8
      capacity 16 at=1800
      observed 0..3600
      devices up=8
      devices up=16 at=1810
      = unallocated 43120
      = unobserved 80
      """)
  }

  /// One agent's report with 10¹³ GPUs stopped the server, and every start of it after.
  @Test func `what was observed and cannot be counts as the nearest that can`() {
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=10000000000000
      = unallocated 57600
      = contradicted 35999942400
      """)
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=9007199254740991 down=9007199254740991 preparing=9007199254740991
      award 1 gpus=9007199254740991 ready=9007199254740991
      = down 57600
      = contradicted 36000000000
      """)
    checkHour(
      """
      capacity 16
      observed 0..3600
      devices up=-9007199254740991 down=-5 maintenance=4
      award 1 gpus=8 ready=-9007199254740991
      = maintenance 14400
      = unobserved 43200
      """)
  }

  @Test func `rows differ by what has to be added, also where one is new or gone`() {
    let old = [
      AccountRow(account: .used, allocation: AllocationID(1), seconds: GPUSeconds(5)),
      AccountRow(account: .used, allocation: nil, seconds: GPUSeconds(3)),
      AccountRow(account: .idle, allocation: AllocationID(1), seconds: GPUSeconds(2)),
    ]
    let new = [
      AccountRow(account: .used, allocation: AllocationID(1), seconds: GPUSeconds(5)),
      AccountRow(account: .used, allocation: AllocationID(2), seconds: GPUSeconds(4)),
      AccountRow(account: .idle, allocation: AllocationID(1), seconds: GPUSeconds(1)),
    ]
    let difference = AccountRow.difference(new, less: old)
    #expect(
      difference == [
        AccountRow(account: .used, allocation: AllocationID(2), seconds: GPUSeconds(4)),
        AccountRow(account: .used, allocation: nil, seconds: GPUSeconds(-3)),
        AccountRow(account: .idle, allocation: AllocationID(1), seconds: GPUSeconds(-1)),
      ])
    #expect(AccountRow.difference(new, less: new).isEmpty)
  }
}
