/// One series of a metric: its labels and its value.
package struct MetricSample: Equatable, Sendable {
    /// The value of a series.
    package enum Value: Equatable, Sendable {
        case integer(Int64)
        /// May be infinite.
        case number(Double)
        case histogram(HistogramSnapshot)
    }

    /// In the order in which they are written.
    package let labels: [MetricLabel]
    package let value: Value

    package init(_ value: Value, _ labels: [MetricLabel] = []) {
        self.value = value
        self.labels = labels
    }

    /// A series of a counter.
    package init(_ count: UInt64, _ labels: [MetricLabel] = []) {
        self.init(.integer(Int64(clamping: count)), labels)
    }
}
