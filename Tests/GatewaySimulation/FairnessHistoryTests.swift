import Testing

/// Clients with different weights share a queue.
@Suite struct FairnessHistoryTests {
    @Test(arguments: 0..<2)
    func `turns are as the weights, positions are exact, and a new client waits for one turn of each other`(
        _ share: Int
    ) {
        for seed in Seeds.share(share, of: 2) {
            var history = FairnessHistory(seed: seed)
            do { try history.run() } catch { Issue.record("seed \(seed): \(error)") }
        }
    }
}
