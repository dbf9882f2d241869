/// Counts failures by reason or origin and limits how often each is logged.
struct FailureTally: Sendable {
    private struct Entry {
        var unlogged = 0
        var quietUntil: Int64
    }

    private var entries: [String: Entry] = [:]

    /// The most distinct reasons; further ones are counted together.
    static let reasonsMax = 64
    /// How long a logged reason is only counted, in milliseconds.
    static let quiet: Int64 = 60_000

    /// Counts a failure. Returns the number of unlogged failures before it if it is to be logged now, else
    /// `nil`.
    mutating func record(_ reason: String, at now: Int64) -> Int? {
        if entries[reason] == nil, entries.count >= Self.reasonsMax {
            entries = entries.filter { now < $0.value.quietUntil }
        }
        let key = entries[reason] != nil || entries.count < Self.reasonsMax ? reason : ""
        guard var entry = entries[key], now < entry.quietUntil else {
            let unlogged = entries[key]?.unlogged ?? 0
            entries[key] = Entry(quietUntil: now + Self.quiet)
            return unlogged
        }
        entry.unlogged += 1
        entries[key] = entry
        return nil
    }
}
