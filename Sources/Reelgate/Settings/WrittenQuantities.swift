/// Durations as people write them: a whole number and a unit, `250ms`, `10s`, `30m`, `24h`, `30d`.
enum WrittenDuration {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    static func duration(_ text: String) -> Duration? {
        quantity(text, units: units.map { ($0.name, $0.milliseconds) }).map { .milliseconds($0) }
    }

    /// The shortest way to write a duration of whole milliseconds.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        let unit = units.first { milliseconds != 0 && milliseconds % $0.milliseconds == 0 } ?? ("s", 1000)
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}

/// Sizes as people write them: a whole number and a unit, `512B`, `64KiB`, `50GiB`.
enum WrittenSize {
    private static let units: [(name: String, bytes: Int64)] = [
        ("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    static func bytes(_ text: String) -> Int64? { quantity(text, units: units.map { ($0.name, $0.bytes) }) }

    /// The shortest way to write a size.
    static func text(_ bytes: Int64) -> String {
        let unit = units.first { bytes != 0 && bytes % $0.bytes == 0 } ?? ("B", 1)
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}

/// Reads digits and one of the units; `nil` for anything else and for what overflows.
private func quantity(_ text: String, units: [(name: String, factor: Int64)]) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits),
        let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
    else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
    return overflow ? nil : product
}
