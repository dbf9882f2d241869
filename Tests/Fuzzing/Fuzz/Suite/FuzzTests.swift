import Foundation
import Testing

/// The properties of all fuzz targets, checked on the corpora and on random mutations of them.
@Suite struct FuzzTests {
    /// Printed by each run; set `REELGATE_FUZZ_SEED` to repeat one.
    private static let seed =
        ProcessInfo.processInfo.environment["REELGATE_FUZZ_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: .min ... .max)

    @Test(arguments: FuzzTarget.all)
    func `the property holds for the corpus and for mutations of it`(
        _ target: FuzzTarget
    ) throws {
        // Printed before the search, because a trap ends the process.
        print("fuzz: \(target.name) with REELGATE_FUZZ_SEED=\(Self.seed)")
        let corpus = try CorpusFolder.inputs(of: target.name)
        #expect(corpus.count >= 5)
        let search = MutationSearch(target: target, corpus: corpus)
        let found = search.firstCounterexample(rounds: 800, seed: Self.seed)
        if let found {
            let input = String(decoding: found.input, as: UTF8.self).debugDescription
            Issue.record("\(found.error); seed \(Self.seed), round \(found.round): \(input)")
        }
    }

    @Test func `the search finds a counterexample`() {
        let wrong = FuzzTarget(name: "wrong", lengthMax: 100) { (input) throws(PropertyError) in
            try require(!zip(input, input.dropFirst()).contains { $0 == 0x0d && $1 == 0x0d }, "twice")
        }
        let search = MutationSearch(target: wrong, corpus: [Array("a\r\nb".utf8)])
        let found = search.firstCounterexample(rounds: 3000, seed: 1)
        #expect(found?.error.message == "twice")
        #expect(found?.input.isEmpty == false)
    }

    @Test func `every target has a corpus, and all of them together are small`() throws {
        var bytes = 0
        for target in FuzzTarget.all {
            for input in try CorpusFolder.inputs(of: target.name) {
                #expect(input.count <= target.lengthMax, "\(target.name)")
                bytes += input.count
            }
        }
        #expect(bytes < 2 << 20)
    }
}

extension FuzzTarget: CustomTestStringConvertible {
    var testDescription: String { name }
}
