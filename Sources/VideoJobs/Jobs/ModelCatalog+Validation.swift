package import JSONText

extension ModelCatalog {
    /// The maximum number of issues listed for one job.
    package static let issuesMax = 100

    /// Validates a request body and returns its job; throws every issue of an invalid one.
    ///
    /// The job's payload is the body itself, byte for byte but without its callback, unless the provider uses
    /// another ID of the model.
    ///
    /// - Parameter allowsRetired: Whether a job of a retired model is returned too, for a client that repeats
    ///   a job; the admission then decides by `VideoJob.retirement`.
    package func validate(
        _ body: [UInt8], limits: JSONLimits = JSONLimits(), allowsRetired: Bool = false
    ) throws(JobValidationError) -> VideoJob {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, limits: limits)
        } catch {
            throw .malformed(error)
        }
        guard var members = value.object else {
            let message = "a job must be a JSON object, not \(value.kindName)"
            throw .invalid([JobIssue(pointer: "", code: "wrong_type", message: message)])
        }
        let entry = try entry(for: members)
        let retirement = entry.acceptsJobs ? nil : entry.retirement(others: acceptedModels.map(\.id))
        if let retirement, !allowsRetired { throw .modelRetired(retirement) }
        let callback = members[CallbackParameter.name]
        let callbackIssues = CallbackParameter.issues(in: members)
        members[CallbackParameter.name] = nil
        let ruleIssues = JobRules(catalog: self, entry: entry).issues(in: members)
        let issues = Array((ruleIssues + callbackIssues).prefix(Self.issuesMax))
        guard issues.isEmpty else { throw retirement.map { .modelRetired($0) } ?? .invalid(issues) }
        var job = VideoJob(
            model: entry.id, payload: entry.payload(members, sent: body, hasCallback: callback != nil),
            estimatedSeconds: entry.estimatedSeconds,
            price: JobPrice(entry: entry).microdollars(of: members),
            promptBeginning: members["prompt"]?.string.map { PromptBeginning(of: $0) },
            resolution: entry.value("resolution", of: members)?.string,
            callbackURL: callback?.string, deprecation: entry.deprecationNotice)
        job.retirement = retirement
        return job
    }

    /// Returns the model that a job names. All other rules depend on it, so an issue of the model is the only
    /// one.
    private func entry(for members: JSONObject) throws(JobValidationError) -> ModelEntry {
        let ids = acceptedModels.map(\.id)
        let listed = ids.map { JSONValue.string($0) }
        switch members["model"] {
        case .string(let id):
            if let entry = model(id) { return entry }
            let suggestion = models.first { $0.providerID == id }?.id ?? NearestName.find(id, among: ids)
            throw .unknownModel(
                JobIssue(
                    pointer: "/model", code: "not_allowed", message: "there is no model \(id.shortened)",
                    allowed: listed, hint: suggestion.map { "did you mean \($0)?" }))
        case let other?:
            let message = "model must be a string, not \(other.kindName)"
            throw .invalid([
                JobIssue(pointer: "/model", code: "wrong_type", message: message, allowed: listed)
            ])
        case nil:
            let misspelled = members.members.first { NearestName.find($0.name, among: ["model"]) != nil }
            let hint = misspelled.map { "\($0.name.shortened) is not a field; did you mean model?" }
            throw .invalid([
                JobIssue(
                    pointer: "/model", code: "required", message: "model is missing", allowed: listed,
                    hint: hint)
            ])
        }
    }
}

extension ModelEntry {
    /// Returns the provider's request body: the bytes unchanged, or the same members with the provider's
    /// model ID.
    ///
    /// - Parameter hasCallback: whether the bytes have a callback, which is taken out.
    fileprivate func payload(_ members: JSONObject, sent body: [UInt8], hasCallback: Bool) -> [UInt8] {
        guard let providerID, providerID != id else {
            return hasCallback ? JSONMemberRemoval.removing(CallbackParameter.name, from: body) : body
        }
        var renamed = members
        renamed["model"] = .string(providerID)
        return JSONValue.object(renamed).serialized()
    }
}
