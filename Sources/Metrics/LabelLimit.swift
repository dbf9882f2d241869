internal import Synchronization

/// The values of a label that are shown, at most a number of them: those that were seen first. All others are
/// `other`, so that a series never changes its meaning.
package final class LabelLimit: Sendable {
    private let limit: Int
    private let known = Mutex<Set<String>>([])

    /// - Parameter limit: values at most, besides `other`.
    package init(_ limit: Int) { self.limit = limit }

    /// Returns the value itself, or `other`.
    package func value(_ value: String) -> String {
        known.withLock { known in
            if known.contains(value) { return value }
            guard known.count < limit else { return MetricLabel.other }
            known.insert(value)
            return value
        }
    }
}

extension MetricLabel {
    /// The value of a label for all that exceeds its limit.
    package static let other = "other"
}
