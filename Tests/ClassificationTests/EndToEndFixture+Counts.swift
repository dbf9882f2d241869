import JSONText
import ProcessTestSupport

extension EndToEndFixture {
    /// Returns the counts of the job with this prompt from the whole ledger. Other rows run at the same time,
    /// so the newest entries alone may not include all of them.
    func counts(_ prompt: String) async throws -> Outcome.Counts {
        Self.counts(prompt, in: try await ledger())
    }

    /// Returns the counts of the job with this prompt in a ledger.
    static func counts(_ prompt: String, in ledger: JSONValue) -> Outcome.Counts {
        let own = (ledger["entries"]?.array ?? []).filter { $0["body"]?["prompt"]?.string == prompt }
        let accepted = own.count { $0["verdict"]?.string == "accepted" }
        return Outcome.Counts(creates: own.count, accepted: accepted)
    }

    /// Returns the counts of all jobs.
    func allCounts() async throws -> Outcome.Counts {
        let ledger = try await ledger()
        return Outcome.Counts(
            creates: Int(ledger["creates"]?.integer ?? -1),
            accepted: Int(ledger["accepted"]?.integer ?? -1))
    }
}
