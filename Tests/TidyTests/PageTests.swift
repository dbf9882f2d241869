import Testing

/// The documentation catalogue: every page can be reached from the first one.
@Suite struct PageTests {
    private static let folder = "Sources/Reelgate/Reelgate.docc"

    @Test func `the topics list every page and every decision`() {
        let pages = SourceTree.paths(under: [Self.folder]) { $0.hasSuffix(".md") }
            .compactMap { $0.split(separator: "/").last?.dropLast(3) }
            .filter { $0 != "Reelgate" }.map(String.init)
        let topics = SourceTree.text(of: "\(Self.folder)/Reelgate.md").split(separator: "\n")
            .filter { $0.hasPrefix("- <doc:") }.map { String($0.dropFirst(7).prefix { $0 != ">" }) }
        #expect(pages.count > 10)
        expectNone(Set(pages).subtracting(topics).sorted().map { "\($0) is not among the topics" })
        expectNone(Set(topics).subtracting(pages).sorted().map { "\($0) is a topic without a page" })
        #expect(topics.count == Set(topics).count, "a page is listed twice")
    }
}
