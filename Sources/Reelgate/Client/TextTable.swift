/// Texts in columns, for a person.
enum TextTable {
    /// Returns one line per row, with the columns aligned.
    static func lines(_ rows: [[String]]) -> [String] {
        let rows = rows.map { $0.map(PrintableText.line) }
        guard let head = rows.first else { return [] }
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            let line = cells.joined(separator: "  ")
            return String(line[...(line.lastIndex { $0 != " " } ?? line.startIndex)])
        }
    }
}
