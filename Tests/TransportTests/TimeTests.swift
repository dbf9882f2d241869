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

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (999, "1970-01-01T00:00:00.999Z"),
        (-1, "1969-12-31T23:59:59.999Z"), (-1000, "1969-12-31T23:59:59.000Z"),
        (951_782_400_007, "2000-02-29T00:00:00.007Z"), (1_767_225_599_050, "2025-12-31T23:59:59.050Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ])
    func `a moment is written as RFC 3339 has it`(_ milliseconds: Int64, _ text: String) {
        #expect(SystemTime.timestamp(milliseconds) == text)
    }

    @Test func `random bytes have the requested count and differ`() {
        #expect(Entropy.bytes(300).count == 300)
        #expect(Entropy.bytes(0).isEmpty)
        #expect(Entropy.bytes(16) != Entropy.bytes(16))
    }
}
