/// Sizes in configuration: a whole number and a unit, `512B`, `64KiB`, `50GiB`.
enum SizeText {
    private static let units: [(name: String, bytes: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    static func bytes(_ text: String) -> Int64? {
        Quantity.parse(text, units: units.map { ($0.name, $0.bytes) })
    }

    /// Returns the shortest notation of a size.
    static func text(_ bytes: Int64) -> String {
        let unit = units.first { bytes != 0 && bytes % $0.bytes == 0 } ?? ("B", 1)
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
