import Testing

/// The vocabulary, as far as a program can check it.
@Suite struct VocabularyTests {
    @Test func `code uses no identifier that was renamed`() {
        expectNone(
            SourceTree.swiftFiles.flatMap { file in
                file.identifiers.compactMap { name in
                    Vocabulary.bannedIdentifiers[name].map { instead in
                        "\(file.location(of: name)): call it \(instead), not \(name)"
                    }
                }
            })
    }

    @Test func `comments, texts and pages use no banned phrase`() {
        let scan = PhraseScan(Vocabulary.bannedPhrases)
        expectNone(
            SourceTree.writtenFiles.filter { !$0.hasPrefix("Tests/TidyTests/") }
                .flatMap { path in
                    scan.matches(in: SourceTree.text(of: path)).map { match in
                        "\(path):\(match.line + 1): say it without \"\(match.phrase)\""
                    }
                })
    }
}
