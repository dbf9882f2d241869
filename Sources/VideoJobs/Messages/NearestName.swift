/// Suggestions for misspelled names.
package enum NearestName {
    /// Returns the candidate most similar to a name, or `nil` if none is similar enough.
    ///
    /// Similar means: equal except for case and punctuation, within a small edit distance, or one name
    /// containing the other. The first of equally similar candidates wins.
    package static func find(_ name: String, among candidates: [String]) -> String? {
        // Bounds the cost of the edit distance, which is the product of both lengths.
        guard (1...64).contains(name.utf8.count) else { return nil }
        if let same = respelling(of: name, among: candidates) { return same }
        let distances = candidates.map {
            (name: $0, distance: editDistance(Array(name.utf8), Array($0.utf8)))
        }
        let nearest = distances.min { $0.distance < $1.distance }
        if let nearest, nearest.distance <= distanceMax(name.utf8.count, nearest.name.utf8.count) {
            return nearest.name
        }
        let normalized = normalized(name)
        guard normalized.count >= 4 else { return nil }
        return candidates.first {
            let other = Self.normalized($0)
            return other.count >= 4 && (contains(other, normalized) || contains(normalized, other))
        }
    }

    /// Returns the candidate that differs only in case, `-`, `_`, `.` and white space.
    static func respelling(of name: String, among candidates: [String]) -> String? {
        let normalized = normalized(name)
        return normalized.isEmpty ? nil : candidates.first { Self.normalized($0) == normalized }
    }

    /// Returns the letters and digits in lower case; non-ASCII bytes are unchanged.
    private static func normalized(_ name: String) -> [UInt8] {
        name.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
            default: nil
            }
        }
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }

    /// Returns the maximum edit distance of similar names: one edit for four bytes, none in the shortest
    /// names.
    private static func distanceMax(_ one: Int, _ other: Int) -> Int {
        min(one, other) < 3 ? 0 : max(1, min(one, other) / 4)
    }

    /// Returns the optimal string alignment distance in bytes: insertions, deletions, substitutions and
    /// transpositions.
    private static func editDistance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        guard other.count <= 64 else { return .max }
        var beforeLast = [Int](repeating: 0, count: other.count + 1)
        var last = Array(0...other.count)
        for i in one.indices {
            var row = [i + 1]
            for j in other.indices {
                let replaced = last[j] + (one[i] == other[j] ? 0 : 1)
                var best = min(replaced, last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[other.count]
    }
}
