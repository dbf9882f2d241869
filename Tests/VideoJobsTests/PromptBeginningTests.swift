import JSONText
import Testing
import VideoJobs

@Suite struct PromptBeginningTests {
    @Test func `a prompt is cut after 200 characters, and never within one`() {
        #expect(PromptBeginning(of: "A garden").text == "A garden")
        #expect(PromptBeginning(of: "").text == "")
        for character in ["x", "é", "e\u{301}", "🏳️‍🌈", "👨‍👩‍👧"] {
            let text = String(repeating: character, count: 199)
            #expect(PromptBeginning(of: text).text == text || character.unicodeScalars.count > 5)
            let cut = PromptBeginning(of: String(repeating: character, count: 5_000)).text
            #expect(cut.count <= 200 && cut.allSatisfy { String($0) == character })
            #expect(cut.count == 200 || character.unicodeScalars.count == 5)
        }
    }

    @Test func `the length is bounded, however many scalars a character has`() {
        let one = "e" + String(repeating: "\u{301}", count: 60_000)
        #expect(PromptBeginning(of: one).text.unicodeScalars.count <= 1_000)
        #expect(PromptBeginning(of: "x" + one).text == "x")
    }
}
