import JSONText

/// A duration in scripts and clock requests: a number of seconds, or `250ms`, `10s`, `5m`, `24h`, `30d`.
struct SimulatedInterval: Equatable, Sendable {
    /// The maximum duration.
    static let durationMax: Duration = .seconds(100 * 365 * 24 * 60 * 60)

    let value: Duration

    init?(_ value: JSONValue) {
        switch value {
        case .integer(let seconds): self.init(seconds: Double(seconds))
        case .real(let seconds): self.init(seconds: seconds)
        case .string(let text): self.init(text)
        case .null, .bool, .array, .object: return nil
        }
    }

    init?(_ text: String) {
        let units: [(suffix: String, seconds: Double)] = [
            ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("", 1),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        let digits = text.dropLast(unit.suffix.count)
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let number = Double(digits)
        else { return nil }
        self.init(seconds: number * unit.seconds)
    }

    private init?(seconds: Double) {
        guard seconds >= 0, seconds <= Double(Self.durationMax.components.seconds) else { return nil }
        value = .milliseconds(Int64((seconds * 1000).rounded()))
    }
}
