import Logging
import Synchronization

/// The level of all loggers of the process, which can be replaced while they are used.
final class LogLevel: Sendable {
    /// The index among all levels, the most detailed first.
    private let index: Atomic<Int>

    init(_ level: Logger.Level) { index = Atomic(Self.index(of: level)) }

    var current: Logger.Level { Logger.Level.allCases[index.load(ordering: .relaxed)] }

    func replace(with level: Logger.Level) { index.store(Self.index(of: level), ordering: .relaxed) }

    private static func index(of level: Logger.Level) -> Int {
        guard let index = Logger.Level.allCases.firstIndex(of: level) else {
            preconditionFailure("every level is a case")
        }
        return index
    }
}

extension Logger.Level {
    init(_ level: Settings.Log.Level) { self = Logger.Level(rawValue: level.rawValue) ?? .info }
}
