internal import Synchronization

/// The counters of one metric by their labels, of which there is a limited number.
///
/// Finding a counter takes a lock: not for paths that handle every request.
package final class CounterFamily: Sendable {
    private let name: String
    private let help: String
    private let labels: [String]
    private let series: LabelledSeries<MetricCounter>

    /// - Parameter limit: series at most; further ones are counted with the value `other` for all labels.
    package init(_ name: String, _ help: String, labels: [String], limit: Int = 200) {
        (self.name, self.help, self.labels) = (name, help, labels)
        series = LabelledSeries(labels: labels.count, limit: limit) { MetricCounter() }
    }

    /// Returns the counter of label values, in the order of the labels.
    package func counter(_ values: String...) -> MetricCounter { series.find(values) }

    /// Makes counters with these label values, so that they are shown before anything is counted: a rate then
    /// sees the first count, too.
    package func begin(_ values: [[String]]) {
        for values in values { _ = series.find(values) }
    }

    /// All counters.
    package var family: MetricFamily {
        MetricFamily(
            .counter, name, help,
            series.all.map { values, counter in
                MetricSample(counter.value, zip(labels, values).map { MetricLabel($0, $1) })
            })
    }
}
