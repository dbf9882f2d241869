internal import Synchronization

/// The histograms of one metric by their labels, of which there is a limited number.
///
/// Finding a histogram takes a lock: not for paths that handle every request.
package final class HistogramFamily: Sendable {
    private let name: String
    private let help: String
    private let labels: [String]
    private let series: LabelledSeries<MetricHistogram>

    /// - Parameter limit: series at most; further ones are counted with the value `other` for all labels.
    package init(
        _ name: String, _ help: String, labels: [String] = [], limit: Int = 200, _ bounds: HistogramBounds
    ) {
        (self.name, self.help, self.labels) = (name, help, labels)
        series = LabelledSeries(labels: labels.count, limit: limit) { MetricHistogram(bounds) }
    }

    /// Returns the histogram of label values, in the order of the labels.
    package func histogram(_ values: String...) -> MetricHistogram { series.find(values) }

    /// All histograms.
    package var family: MetricFamily {
        MetricFamily(
            .histogram, name, help,
            series.all.map { values, histogram in
                MetricSample(
                    .histogram(histogram.snapshot), zip(labels, values).map { MetricLabel($0, $1) })
            })
    }
}
