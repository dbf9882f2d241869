internal import Synchronization

/// The series of a metric by the values of its labels, at most a number of them.
final class LabelledSeries<Cell: Sendable>: Sendable {
    private let labels: Int
    private let limit: Int
    private let make: @Sendable () -> Cell
    private let cells = Mutex<[[String]: Cell]>([:])

    init(labels: Int, limit: Int, make: @escaping @Sendable () -> Cell) {
        (self.labels, self.limit, self.make) = (labels, limit, make)
    }

    /// Returns the series with these values, made at its first use. At the limit all further ones share one,
    /// whose values are `other`.
    func find(_ values: [String]) -> Cell {
        precondition(values.count == labels, "one value for each label")
        return cells.withLock { cells in
            if let cell = cells[values] { return cell }
            let isLast = cells.count >= limit - 1
            let key = isLast ? values.map { _ in MetricLabel.other } : values
            let cell = cells[key] ?? make()
            cells[key] = cell
            return cell
        }
    }

    /// All series in the order of their values.
    var all: [(values: [String], cell: Cell)] {
        cells.withLock { cells in
            cells.map { (values: $0.key, cell: $0.value) }
                .sorted { $0.values.lexicographicallyPrecedes($1.values) }
        }
    }
}
