/// Finds what somebody probably meant.
enum NearestWord {
    /// The candidate that is reached with the fewest single-letter changes, or that begins with the word;
    /// `nil` if all are far off.
    static func find(_ word: String, in candidates: [String]) -> String? {
        let patience = max(2, word.count / 3)
        let nearest = candidates.map { (word: $0, distance: distance(word, $0)) }.min {
            $0.distance < $1.distance
        }
        if let nearest, nearest.distance <= patience { return nearest.word }
        return word.count < 3 ? nil : candidates.first { $0.hasPrefix(word) }
    }

    /// Levenshtein's distance, one row at a time.
    private static func distance(_ one: String, _ other: String) -> Int {
        let other = Array(other)
        var row = Array(0...other.count)
        for (index, letter) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in other.indices {
                let replaced = diagonal + (letter == other[column] ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, row[column] + 1, row[column + 1] + 1)
            }
        }
        return row[other.count]
    }
}
