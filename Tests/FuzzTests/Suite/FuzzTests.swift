import Foundation
import Testing

@Suite struct FuzzTests {
    /// Printed, and taken from `REELGATE_FUZZ_SEED` to see the same again.
    private static let seed =
        ProcessInfo.processInfo.environment["REELGATE_FUZZ_SEED"].flatMap { UInt64($0) }
        ?? UInt64.random(in: .min ... .max)

    @Test(arguments: FuzzTarget.all)
    func `what is promised of any input holds for the corpus and for changes of it`(
        _ target: FuzzTarget
    ) throws {
        // Before the hunt: a trap ends the process.
        print("fuzz: \(target.name) with REELGATE_FUZZ_SEED=\(Self.seed)")
        let corpus = try CorpusFolder.inputs(of: target.name)
        #expect(corpus.count >= 5)
        let found = Hunt(target: target, corpus: corpus).first(rounds: 800, seed: Self.seed)
        if let found {
            let input = String(decoding: found.input, as: UTF8.self).debugDescription
            Issue.record("\(found.finding); seed \(Self.seed), round \(found.round): \(input)")
        }
    }

    @Test func `a promise that does not hold is found`() {
        let wrong = FuzzTarget(name: "wrong", lengthMax: 100) { (input) throws(Finding) in
            try promise(!zip(input, input.dropFirst()).contains { $0 == 0x0d && $1 == 0x0d }, "twice")
        }
        let found = Hunt(target: wrong, corpus: [Array("a\r\nb".utf8)]).first(rounds: 3000, seed: 1)
        #expect(found?.finding.message == "twice")
        #expect(found?.input.isEmpty == false)
    }

    @Test func `every corpus is of a target, and all together are small`() throws {
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
