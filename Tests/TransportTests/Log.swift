import Testing
@testable import Transport

/// Events in order; used on one loop or in one function.
final class Log {
    private(set) var entries: [String] = []
    func add(_ entry: String) { entries.append(entry) }
}
