/// Guesses what somebody meant who wrote a name that does not exist.
package enum NearestName {
    /// The candidate that a name most likely stands for, if any is near enough; the first of equals.
    ///
    /// Near is: the same but for case and punctuation; few typing errors away; one inside the other.
    package static func find(_ name: String, among candidates: [String]) -> String? {
        // Nobody mistypes that much, and the distance costs the product of both lengths.
        guard (1...64).contains(name.utf8.count) else { return nil }
        if let same = respelled(name, among: candidates) { return same }
        let typed = candidates.map {
            (name: $0, errors: errors(between: Array(name.utf8), and: Array($0.utf8)))
        }
        let nearest = typed.min { $0.errors < $1.errors }
        if let nearest, nearest.errors <= patience(name.utf8.count, nearest.name.utf8.count) {
            return nearest.name
        }
        let bare = bare(name)
        guard bare.count >= 4 else { return nil }
        return candidates.first {
            let other = Self.bare($0)
            return other.count >= 4 && (occurs(bare, in: other) || occurs(other, in: bare))
        }
    }

    /// The candidate that differs only in case, `-`, `_`, `.` and blanks.
    static func respelled(_ name: String, among candidates: [String]) -> String? {
        let bare = bare(name)
        return bare.isEmpty ? nil : candidates.first { Self.bare($0) == bare }
    }

    /// Letters and digits only, in lower case; what is not ASCII stays as it is.
    private static func bare(_ name: String) -> [UInt8] {
        name.utf8.compactMap { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...: byte
            default: nil
            }
        }
    }

    private static func occurs(_ part: [UInt8], in whole: [UInt8]) -> Bool {
        guard part.count <= whole.count else { return false }
        return (0...(whole.count - part.count)).contains { whole[$0...].starts(with: part) }
    }

    /// Typing errors that still count as near: one of four bytes, and none in the shortest names.
    private static func patience(_ one: Int, _ other: Int) -> Int {
        min(one, other) < 3 ? 0 : max(1, min(one, other) / 4)
    }

    /// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), in bytes.
    private static func errors(between one: [UInt8], and other: [UInt8]) -> Int {
        guard other.count <= 64 else { return .max }
        var older = [Int](repeating: 0, count: other.count + 1)
        var above = Array(0...other.count)
        for i in one.indices {
            var row = [i + 1]
            for j in other.indices {
                let replaced = above[j] + (one[i] == other[j] ? 0 : 1)
                var best = min(replaced, above[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, one[i] == other[j - 1], one[i - 1] == other[j] {
                    best = min(best, older[j - 1] + 1)
                }
                row.append(best)
            }
            (older, above) = (above, row)
        }
        return above[other.count]
    }
}

extension String {
    /// Enough of a foreign name to recognise it by, in a message.
    var shortened: String { unicodeScalars.count <= 64 ? self : String(unicodeScalars.prefix(64)) + "…" }
}
