/// Writes metrics as text for a scraper.
package struct MetricsText {
    private let format: MetricsFormat
    private var bytes: [UInt8] = []

    private init(_ format: MetricsFormat) {
        self.format = format
        bytes.reserveCapacity(32 * 1024)
    }

    /// Returns the text of metrics.
    package static func text(of families: [MetricFamily], in format: MetricsFormat) -> [UInt8] {
        var text = MetricsText(format)
        for family in families { text.write(family) }
        if format == .openMetrics { text.append("# EOF\n") }
        return text.bytes
    }

    private mutating func write(_ family: MetricFamily) {
        let name = format == .openMetrics ? family.baseName : family.name
        append("# HELP \(name) ")
        append(escaping: family.help, quotes: format == .openMetrics)
        append("\n# TYPE \(name) \(typeName(family.kind))\n")
        if format == .openMetrics, let unit = family.unit { append("# UNIT \(name) \(unit)\n") }
        for sample in family.samples {
            switch sample.value {
            case .integer(let number): write(family.name, sample.labels, "\(number)")
            case .number(let number): write(family.name, sample.labels, Self.text(of: number))
            case .histogram(let histogram): write(histogram, of: family.name, sample.labels)
            }
        }
    }

    private func typeName(_ kind: MetricFamily.Kind) -> String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        case .info: format == .openMetrics ? "info" : "gauge"
        }
    }

    private mutating func write(
        _ histogram: HistogramSnapshot, of name: String, _ labels: [MetricLabel]
    ) {
        var count: UInt64 = 0
        for (index, bound) in (histogram.bounds + [.infinity]).enumerated() {
            count &+= histogram.counts[index]
            write("\(name)_bucket", labels + [MetricLabel("le", Self.text(of: bound))], "\(count)")
        }
        write("\(name)_sum", labels, Self.text(of: histogram.sum))
        write("\(name)_count", labels, "\(count)")
    }

    private mutating func write(_ name: String, _ labels: [MetricLabel], _ value: String) {
        append(name)
        for (index, label) in labels.enumerated() {
            append("\(index == 0 ? "{" : ",")\(label.name)=\"")
            append(escaping: label.value, quotes: true)
            append("\"")
        }
        append("\(labels.isEmpty ? "" : "}") \(value)\n")
    }

    /// The number with a decimal point or an exponent, as both formats and all languages read it.
    private static func text(of number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        return number.description
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    /// Appends a text in one line. Control characters, which some parsers end at, become U+FFFD.
    private mutating func append(escaping text: String, quotes: Bool) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": append("\\\\")
            case "\n": append("\\n")
            case "\"" where quotes: append("\\\"")
            case "\u{0}"..."\u{1F}", "\u{7F}": append("\u{FFFD}")
            default: bytes.append(contentsOf: UTF8.encode(scalar)!)
            }
        }
    }
}
