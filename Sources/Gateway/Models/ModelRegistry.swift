import Synchronization
package import VideoJobs

/// The catalog in force, with the models marked that the provider does not list.
package final class ModelRegistry: Sendable {
    fileprivate struct State {
        var catalog: ModelCatalog
        /// The provider's last list; `nil` before the first.
        var listed: Set<String>?
    }

    /// A model that became missing, or that is listed again.
    struct Change: Equatable, Sendable {
        var entry: ModelEntry
        var isMissing: Bool
    }

    private let state: Mutex<State>

    init(_ catalog: ModelCatalog) { state = Mutex(State(catalog: catalog)) }

    package var catalog: ModelCatalog { state.withLock { $0.catalog } }

    /// The models that the provider should have and does not list.
    package var missing: [ModelEntry] { catalog.models.filter(\.isMissing) }

    /// Whether the provider lacks a model, by the ids of those that it should have.
    var missingByID: [String: Bool] {
        let models = catalog.models.filter { $0.lifecycle.status != .retired }
        return Dictionary(models.map { ($0.id, $0.isMissing) }) { $0 || $1 }
    }

    /// Replaces the catalog; the provider's last list holds for it too. Returns what has changed by that.
    func replace(with catalog: ModelCatalog) -> [Change] {
        state.withLock { state in
            let before = state.missing
            state.catalog = catalog
            return state.mark(after: before)
        }
    }

    /// Judges the catalog by the provider's list. Returns what has changed since the last one.
    func record(_ listed: Set<String>) -> [Change] {
        state.withLock { state in
            state.listed = listed
            return state.mark(after: state.missing)
        }
    }

    /// The missing models, for `/readyz?verbose`.
    var warnings: [ReadinessIssue] {
        missing.map { entry in
            let refused = entry.onMissing == .refuse ? "; its jobs are refused" : ""
            let successor = entry.lifecycle.successor.map { "; its successor is \($0)" } ?? ""
            return ReadinessIssue(
                code: Self.missingCode,
                message: "the provider does not list the model \(entry.id)\(successor)\(refused)",
                retryAfterSeconds: Self.retryAfterSeconds)
        }
    }

    /// The code of a warning; no response has it as its error.
    private static let missingCode = "model_missing"
    private static let retryAfterSeconds = 3600
}

extension ModelRegistry.State {
    fileprivate var missing: Set<String> { Set(catalog.models.filter(\.isMissing).map(\.id)) }

    /// Marks the missing models of the catalog. Returns those for which that is new.
    fileprivate mutating func mark(after before: Set<String>) -> [ModelRegistry.Change] {
        guard let listed else { return [] }
        catalog = catalog.marking(missing: Set(catalog.models(missingFrom: listed).map(\.id)))
        return catalog.models.filter { $0.isMissing != before.contains($0.id) }
            .map { ModelRegistry.Change(entry: $0, isMissing: $0.isMissing) }
    }
}
