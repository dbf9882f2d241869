import Glibc
import Testing
import Transport

@Suite struct TimeTests {
    @Test func `the clocks agree with the C library's`() {
        #expect(abs(SystemTime.wallMilliseconds / 1000 - Int64(time(nil))) <= 1)
        let first = SystemTime.monotonicMilliseconds
        #expect(SystemTime.monotonicMilliseconds >= first)
    }

    @Test func `a duration is converted to nanoseconds within bounds`() {
        #expect(Duration.milliseconds(1500).wholeNanoseconds == 1_500_000_000)
        #expect(Duration.seconds(-1).wholeNanoseconds == 0)
        #expect(Duration.seconds(Int64.max).wholeNanoseconds == 1_000_000_000_000_000_000)
    }

    @Test func `random bytes have the requested count and differ`() {
        #expect(Entropy.bytes(300).count == 300)
        #expect(Entropy.bytes(0).isEmpty)
        #expect(Entropy.bytes(16) != Entropy.bytes(16))
    }
}
