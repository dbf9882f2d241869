import JSONText

extension ModelEntry {
    /// Whether new jobs of the model are accepted.
    package var acceptsJobs: Bool {
        lifecycle.status != .retired && !(isMissing && onMissing == .refuse)
    }

    /// Why no new job is accepted, as one sentence; `nil` if jobs are accepted.
    package var retirementNotice: String? {
        guard !acceptsJobs else { return nil }
        let successor = lifecycle.successor.map { "; its successor is \($0)" } ?? ""
        guard lifecycle.status == .retired else {
            return "the provider no longer lists the model \(id)\(successor)"
        }
        let since = lifecycle.since.map { " since \($0)" } ?? ""
        return "the model \(id) is retired\(since)\(successor)"
    }

    /// What the client of a job should know about its model, as one sentence; `nil` for an active model.
    package var deprecationNotice: String? {
        guard lifecycle.status == .deprecated else { return nil }
        let since = lifecycle.since.map { " since \($0)" } ?? ""
        let until = lifecycle.until.map { " and is expected to end on \($0)" } ?? ""
        let successor = lifecycle.successor.map { "; its successor is \($0)" } ?? ""
        return "the model \(id) is deprecated\(since)\(until)\(successor)"
    }

    /// The violation of a job that names this model; `nil` if jobs are accepted.
    ///
    /// - Parameter others: The ids of models that accept jobs.
    func retirement(others: [String]) -> JobIssue? {
        retirementNotice.map { message in
            JobIssue(
                pointer: "/model", code: "model_retired", message: message,
                allowed: others.map { .string($0) },
                hint: lifecycle.successor.map { "use \($0)" })
        }
    }
}

extension ModelEntry {
    /// The provider's id of the model.
    package var providerModel: String { providerID ?? id }

    /// Whether a refusal says that the provider does not have the model, or no longer.
    package func isGone(by failure: FailureReason) -> Bool {
        guard let status = failure.httpStatus, [400, 404, 410, 422].contains(status) else { return false }
        let code = failure.code.lowercased().replacing("-", with: "_")
        if Self.goneCodes.contains(code) { return true }
        let message = failure.message.lowercased()
        if Self.gonePhrases.contains(where: message.contains) { return true }
        let names = [id.lowercased(), providerModel.lowercased()]
        return names.contains(where: message.contains) && Self.absences.contains(where: message.contains)
    }

    private static let goneCodes: Set<String> = [
        "model_not_found", "unknown_model", "invalid_model", "model_not_available", "model_unavailable",
        "model_retired", "model_deprecated", "model_decommissioned", "model_discontinued", "model_gone",
        "model_not_supported", "unsupported_model", "model_not_exist", "model_does_not_exist",
        "no_such_model",
    ]
    private static let gonePhrases = [
        "unknown model", "no such model", "model not found", "model does not exist", "model not exist",
        "invalid model", "unsupported model", "model is not available", "model is no longer available",
        "model has been retired", "model is retired", "model has been discontinued",
        "no available channel for model",
    ]
    private static let absences = [
        "not found", "does not exist", "doesn't exist", "not exist", "unknown", "no longer", "retired",
        "decommissioned", "discontinued", "deprecated", "shut down", "not available", "unavailable",
        "not supported", "no available channel", "removed",
    ]
}

extension ModelCatalog {
    /// The models that accept jobs, in the order of the catalog.
    package var acceptedModels: [ModelEntry] { models.filter(\.acceptsJobs) }

    /// Returns why a model accepts no new job; `nil` if it does, and for a model that the catalog does not
    /// have.
    package func retirement(of id: String) -> JobIssue? {
        model(id)?.retirement(others: acceptedModels.map(\.id))
    }

    /// Returns the models that a provider should have and does not list. A retired model is none of them.
    package func models(missingFrom listed: Set<String>) -> [ModelEntry] {
        models.filter { $0.lifecycle.status != .retired && !listed.contains($0.providerModel) }
    }

    /// Returns the catalog with `isMissing` set for the given models only.
    package func marking(missing ids: Set<String>) -> ModelCatalog {
        var marked = models
        for index in marked.indices { marked[index].isMissing = ids.contains(marked[index].id) }
        return ModelCatalog(models: marked, vocabulary: vocabulary)
    }
}
