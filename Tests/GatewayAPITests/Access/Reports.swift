import Synchronization

/// What a callback received, in order.
final class Reports: Sendable {
    private let received = Mutex<[String]>([])

    var all: [String] { received.withLock { $0 } }

    func add(_ report: String) { received.withLock { $0.append(report) } }
}
