import TestSupport

/// A search for an input that breaks a target's property: the corpus, then random mutations of it.
///
/// It is not guided by coverage, as libFuzzer is, but runs in any build within a second.
struct MutationSearch {
    /// An input that breaks the property, and the round that made it.
    struct Counterexample {
        var error: PropertyError
        var round: Int
        var input: [UInt8]
    }

    let target: FuzzTarget
    let corpus: [[UInt8]]

    /// Returns the first input that breaks the property; `nil` if none of the rounds does.
    func firstCounterexample(rounds: Int, seed: UInt64) -> Counterexample? {
        for (round, input) in corpus.enumerated() {
            if let found = check(input, round) { return found }
        }
        var random = SeededRandom(seed: seed)
        for round in 0..<rounds {
            var input = corpus.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&input, &random) }
            input = Array(input.prefix(target.lengthMax))
            if let found = check(input, round) { return found }
        }
        return nil
    }

    private func check(_ input: [UInt8], _ round: Int) -> Counterexample? {
        do throws(PropertyError) {
            try target.check(input)
            return nil
        } catch {
            return Counterexample(error: error, round: round, input: input)
        }
    }

    private func mutate(_ input: inout [UInt8], _ random: inout SeededRandom) {
        let start = Int.random(in: 0...input.count, using: &random)
        let end = min(input.count, start + Int.random(in: 0...12, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: input.insert(.random(in: .min ... .max, using: &random), at: start)
        case 1: input.insert(Self.significantBytes.randomElement(using: &random) ?? 0, at: start)
        case 2: input.removeSubrange(start..<end)
        case 3: input.insert(contentsOf: Array(input[start..<end]), at: start)
        case 4 where start < input.count: input[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        default:
            let other = corpus.randomElement(using: &random) ?? []
            input.replaceSubrange(start..., with: other.suffix(Int.random(in: 0...40, using: &random)))
        }
    }

    /// Bytes with a meaning in one of the formats.
    private static let significantBytes = Array("\r\n\t \0\"\\%:;,=-+*#?/&[]{}0918eE.~|>'\u{7f}".utf8)
}
