import Testing
@testable import HTTPWire

@Suite struct PreferencesTests {
    @Test(
        arguments: [
            ("respond-async", true, nil), ("Respond-Async", true, nil), ("wait=10", false, 10),
            ("respond-async, wait=10", true, 10),
            ("wait=10;x=y, respond-async ; a", true, 10), ("wait = 10", false, 10),
            ("wait=\"10\"", false, 10),
            ("foo; bar=\"a, wait=5\", wait=7", false, 7), ("wait=1, wait=2", false, 1),
            (" ,, wait=3 ,", false, 3),
            ("WAIT=4", false, 4), ("respond-async=\"\"", true, nil), ("wait=0", false, 0),
            ("return=representation; wait=9", false, nil),
        ] as [(String, Bool, Int?)])
    func `preferences are parsed`(text: String, respondsAsync: Bool, wait: Int?) {
        let preferences = Preferences([text])
        #expect(preferences.respondsAsync == respondsAsync)
        #expect(preferences.wait == wait)
    }

    @Test(arguments: [
        "", "wait", "wait=", "wait=-1", "wait=+1", "wait=1.5", "wait=1s", "wait=abc", "wait=1 2",
        "respond-async=1",
        "respond-async x", "wait:10", "=10", "\"wait=10\"", "wait=\"10", "wait==10", "wait=1e3",
    ])
    func `unknown and malformed preferences are ignored`(_ text: String) {
        #expect(Preferences([text]) == Preferences([]))
    }

    @Test func `preferences may span several lines and may be out of range`() {
        let preferences = Preferences(["wait=99999999999999999999999", "respond-async", "wait=1"])
        #expect(preferences.respondsAsync)
        #expect(preferences.wait == .max)
    }

    @Test func `a malformed preference does not affect the others`() {
        #expect(Preferences(["@, wait=2"]).wait == 2)
    }
}
