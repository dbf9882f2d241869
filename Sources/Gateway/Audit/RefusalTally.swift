/// Limits how many refused jobs of one client are recorded in a minute, because each costs a durable write.
struct RefusalTally: Sendable {
    private struct Entry {
        var begin: MonotonicTime
        var recorded = 0
        var unrecorded = 0
    }

    /// Refusals of one client that are recorded in a minute.
    static let perMinute = 20
    /// Clients that are counted apart; further ones are counted together.
    static let clientsMax = 1_024
    private static let minute = Duration.seconds(60)

    private var entries: [String: Entry] = [:]

    /// Counts a refusal. Returns the number of unrecorded ones before it if it is to be recorded, else `nil`.
    mutating func record(_ client: String, at now: MonotonicTime) -> Int? {
        if entries[client] == nil, entries.count >= Self.clientsMax {
            entries = entries.filter { now < $0.value.begin + Self.minute }
        }
        let key = entries[client] != nil || entries.count < Self.clientsMax ? client : ""
        var entry = entries[key] ?? Entry(begin: now)
        defer { entries[key] = entry }
        if now >= entry.begin + Self.minute { entry = Entry(begin: now, unrecorded: entry.unrecorded) }
        guard entry.recorded < Self.perMinute else {
            entry.unrecorded += 1
            return nil
        }
        entry.recorded += 1
        defer { entry.unrecorded = 0 }
        return entry.unrecorded
    }
}
