/// Durations in configuration: a whole number and a unit, `250ms`, `10s`, `30m`, `24h`, `30d`.
enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    static func duration(_ text: String) -> Duration? {
        Quantity.parse(text, units: units.map { ($0.name, $0.milliseconds) }).map { .milliseconds($0) }
    }

    /// Returns the shortest notation of a duration of whole milliseconds.
    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        let unit = units.first { milliseconds != 0 && milliseconds % $0.milliseconds == 0 } ?? ("s", 1000)
        return "\(milliseconds / unit.milliseconds)\(unit.name)"
    }
}
