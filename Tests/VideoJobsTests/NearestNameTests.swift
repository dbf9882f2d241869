import Testing
import VideoJobs

@Suite struct NearestNameTests {
    static let names = [
        "aspect_ratio", "duration", "generate_audio", "prompt", "seed", "reference_image_urls",
    ]

    static let cases: [(String, String?)] = [
        ("Aspect Ratio", "aspect_ratio"), ("generateaudio", "generate_audio"), ("duraton", "duration"),
        ("durations", "duration"), ("dration", "duration"), ("prmopt", "prompt"), ("seeds", "seed"),
        ("sed", "seed"), ("text_prompt", "prompt"), ("urls", "reference_image_urls"), ("size", nil),
        ("n", nil),
        ("", nil), ("___", nil), ("callback_url", nil), ("持续", nil),
    ]

    @Test(arguments: cases)
    func `a misspelled name finds the intended one`(_ name: String, _ expected: String?) {
        #expect(NearestName.find(name, among: Self.names) == expected)
    }

    @Test func `a huge name is ignored, and no candidates yield no suggestion`() {
        #expect(NearestName.find(String(repeating: "prompt", count: 100_000), among: Self.names) == nil)
        #expect(NearestName.find("prompt", among: []) == nil)
        #expect(NearestName.find("prompt", among: [String(repeating: "x", count: 1000), "promt"]) == "promt")
    }
}
