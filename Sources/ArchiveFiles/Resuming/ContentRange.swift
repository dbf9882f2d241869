/// The value of `Content-Range` in a 206 response (RFC 9110 §14.4).
struct ContentRange: Equatable, Sendable {
    let first: Int64
    let last: Int64
    /// The length of the whole representation; `nil` if the sender does not know it.
    let total: Int64?

    /// Parses `bytes 100-199/200`; `nil` for anything else, also for a range that is not within its total.
    init?(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        let range = parts[1].split(separator: "/", omittingEmptySubsequences: false)
        guard range.count == 2 else { return nil }
        let ends = range[0].split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
            first <= last
        else { return nil }
        if range[1] == "*" {
            total = nil
        } else {
            guard let length = Self.number(range[1]), last < length else { return nil }
            total = length
        }
        (self.first, self.last) = (first, last)
    }

    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }
}
