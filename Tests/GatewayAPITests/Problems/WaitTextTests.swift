import GatewayProtocol
import Testing

@Suite struct WaitTextTests {
    @Test(arguments: [
        (-1, "0 s"), (0, "0 s"), (1, "1 s"), (59, "59 s"), (60, "1 min"), (125, "2 min 5 s"),
        (599, "9 min 59 s"), (600, "10 min"), (601, "11 min"), (3_540, "59 min"), (3_541, "1 h"),
        (3_600, "1 h"), (6_271, "1 h 45 min"), (86_340, "23 h 59 min"), (86_341, "1 d"),
        (86_400, "1 d"), (90_001, "1 d 2 h"), (2_592_000, "30 d"),
    ])
    func `a wait is written in two units, rounded up`(_ seconds: Int, _ text: String) {
        #expect(WaitText.text(seconds: seconds) == text)
    }
}
