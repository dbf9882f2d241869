import JSONText

/// The creates that the provider received, and what it bills.
struct ProviderLedger: Sendable {
    /// One create that it received.
    struct Create: Equatable, Sendable {
        var prompt: String
        /// The provider task; `nil` if the create was not accepted.
        var taskID: String?
        /// Seconds since 1970 on the provider's clock.
        var time: Double
        var status: Int?
        var scripted: String?
    }

    var creates: [Create] = []

    init(creates: [Create] = []) { self.creates = creates }

    /// Reads the simulator's ledger.
    init(_ json: JSONValue) {
        creates = (json["entries"]?.array ?? []).map { entry in
            var time = 0.0
            if case .real(let seconds)? = entry["time"] { time = seconds }
            if case .integer(let seconds)? = entry["time"] { time = Double(seconds) }
            return Create(
                prompt: entry["body"]?["prompt"]?.string ?? "", taskID: entry["task_id"]?.string, time: time,
                status: entry["status"]?.integer.map(Int.init), scripted: entry["scripted"]?.string)
        }
    }

    func creates(of prompt: String) -> [Create] { creates.filter { $0.prompt == prompt } }
    func accepted(of prompt: String) -> Int { creates(of: prompt).count { $0.taskID != nil } }

    /// Returns the largest number of these tasks that ran at the same time, each for the given seconds.
    func mostAtOnce(of ids: Set<String>, seconds: Double) -> Int {
        let starts = creates.filter { $0.taskID.map(ids.contains) ?? false }.map(\.time)
        // At the same time an end counts before a start.
        let changes = starts.map { ($0, 1) } + starts.map { ($0 + seconds, -1) }
        var now = 0
        var most = 0
        for change in changes.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
            now += change.1
            most = max(most, now)
        }
        return most
    }
}
