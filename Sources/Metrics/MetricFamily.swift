/// A metric with all its series, as one scrape shows it.
package struct MetricFamily: Equatable, Sendable {
    /// What a metric measures.
    package enum Kind: Equatable, Sendable {
        /// A number that only grows; its name ends in `_total`.
        case counter
        case gauge
        /// Its name is that of what it observes.
        case histogram
        /// Labels of the value 1; its name ends in `_info`.
        case info
    }

    /// The name as programs query it.
    package let name: String
    package let kind: Kind
    /// One sentence without a period at its end.
    package let help: String
    package let samples: [MetricSample]

    package init(_ kind: Kind, _ name: String, _ help: String, _ samples: [MetricSample]) {
        switch kind {
        case .counter: precondition(name.hasSuffix("_total"), "the name of a counter ends in _total")
        case .info: precondition(name.hasSuffix("_info"), "the name of an info metric ends in _info")
        case .gauge, .histogram: break
        }
        (self.kind, self.name, self.help, self.samples) = (kind, name, help, samples)
    }

    /// A metric with one series without labels.
    package init(_ kind: Kind, _ name: String, _ help: String, _ value: MetricSample.Value) {
        self.init(kind, name, help, [MetricSample(value)])
    }

    /// The name without the ending of its kind: of the metric in OpenMetrics.
    var baseName: String {
        switch kind {
        case .counter: String(name.dropLast("_total".count))
        case .info: String(name.dropLast("_info".count))
        case .gauge, .histogram: name
        }
    }

    /// The unit, with which the base name ends; `nil` if it has none.
    var unit: String? {
        ["seconds", "bytes", "usd"].first { baseName.hasSuffix("_\($0)") }
    }
}
