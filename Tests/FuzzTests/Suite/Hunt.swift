import TestSupport

/// Looks for an input for which a target's promise does not hold: the corpus, then changes of it.
///
/// No coverage guides it, as it guides libFuzzer; it runs in any build, in a second.
struct Hunt {
    /// What was found, and how to see it again.
    struct Catch {
        var finding: Finding
        var round: Int
        var input: [UInt8]
    }

    let target: FuzzTarget
    let corpus: [[UInt8]]

    func first(rounds: Int, seed: UInt64) -> Catch? {
        for (round, input) in corpus.enumerated() {
            if let finding = finding(in: input) { return Catch(finding: finding, round: round, input: input) }
        }
        var random = SeededRandom(seed: seed)
        for round in 0..<rounds {
            var input = corpus.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) { change(&input, &random) }
            input = Array(input.prefix(target.lengthMax))
            if let finding = finding(in: input) { return Catch(finding: finding, round: round, input: input) }
        }
        return nil
    }

    private func finding(in input: [UInt8]) -> Finding? {
        do throws(Finding) {
            try target.check(input)
            return nil
        } catch {
            return error
        }
    }

    private func change(_ input: inout [UInt8], _ random: inout SeededRandom) {
        let place = Int.random(in: 0...input.count, using: &random)
        let end = min(input.count, place + Int.random(in: 0...12, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: input.insert(.random(in: .min ... .max, using: &random), at: place)
        case 1: input.insert(Self.telling.randomElement(using: &random) ?? 0, at: place)
        case 2: input.removeSubrange(place..<end)
        case 3: input.insert(contentsOf: Array(input[place..<end]), at: place)
        case 4 where place < input.count: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        default:
            let other = corpus.randomElement(using: &random) ?? []
            input.replaceSubrange(place..., with: other.suffix(Int.random(in: 0...40, using: &random)))
        }
    }

    /// Bytes that mean something in one of the languages.
    private static let telling = Array("\r\n\t \0\"\\%:;,=-+*#?/&[]{}0918eE.~|>'\u{7f}".utf8)
}
