package import JSONText

extension ModelCatalog {
    /// The faults of one job that are listed; whoever makes more has to look at these first.
    package static let issuesMax = 100

    /// Returns the job that a body describes, or everything that is wrong with it.
    ///
    /// The job's payload is the body itself, byte for byte, unless the provider has another id of the model.
    package func validate(
        _ body: [UInt8], limits: JSONLimits = JSONLimits()
    ) throws(JobValidationError) -> VideoJob {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: body, limits: limits)
        } catch {
            throw .malformed(error)
        }
        guard let members = value.object else {
            let message = "a job must be a JSON object, not \(value.kindName)"
            throw .invalid([JobIssue(pointer: "", code: "wrong_type", message: message)])
        }
        let entry = try entry(for: members)
        let faults = JobRules(catalog: self, entry: entry).faults(in: members)
        guard faults.isEmpty else { throw .invalid(faults) }
        return VideoJob(
            model: entry.id, payload: entry.payload(members, sent: body),
            estimatedSeconds: entry.estimatedSeconds)
    }

    /// The model that a job names. All other rules depend on it, so its faults stand alone.
    private func entry(for members: JSONObject) throws(JobValidationError) -> ModelEntry {
        let ids = models.map(\.id)
        let listed = ids.map { JSONValue.string($0) }
        switch members["model"] {
        case .string(let id):
            if let entry = model(id) { return entry }
            let meant = models.first { $0.providerID == id }?.id ?? NearestName.find(id, among: ids)
            throw .unknownModel(
                JobIssue(
                    pointer: "/model", code: "not_allowed", message: "there is no model \(id.shortened)",
                    allowed: listed, hint: meant.map { "did you mean \($0)?" }))
        case let other?:
            let message = "model must be a string, not \(other.kindName)"
            throw .invalid([
                JobIssue(pointer: "/model", code: "wrong_type", message: message, allowed: listed)
            ])
        case nil:
            let written = members.members.first { NearestName.find($0.name, among: ["model"]) != nil }
            let hint = written.map { "\($0.name.shortened) is no field; did you mean model?" }
            throw .invalid([
                JobIssue(
                    pointer: "/model", code: "required", message: "model is missing", allowed: listed,
                    hint: hint)
            ])
        }
    }
}

extension ModelEntry {
    /// What the provider gets: the bytes as they came, or the same members with its own name of the model.
    fileprivate func payload(_ members: JSONObject, sent body: [UInt8]) -> [UInt8] {
        guard let providerID, providerID != id else { return body }
        var renamed = members
        renamed["model"] = .string(providerID)
        return JSONValue.object(renamed).serialized()
    }
}

/// Compares the members of one job with the parameters of its model.
struct JobRules {
    let catalog: ModelCatalog
    let entry: ModelEntry

    /// Every fault in the order of the members; joint rules then, and what is missing last.
    func faults(in members: JSONObject) -> [JobIssue] {
        var faults: [JobIssue] = []
        for member in members.members where !member.name.isIdentical(to: "model") {
            let place = JSONPointer.root.appending(member.name)
            if let parameter = entry.parameter(member.name) {
                faults += parameter.faults(in: member.value, at: place)
            } else {
                faults.append(strange(member.name, at: place))
            }
            if faults.count >= ModelCatalog.issuesMax { return Array(faults.prefix(ModelCatalog.issuesMax)) }
        }
        for rule in entry.jointRules { faults += broken(rule, in: members, besides: faults) }
        for parameter in entry.parameters where parameter.isRequired && members[parameter.name] == nil {
            let place = JSONPointer.root.appending(parameter.name)
            let message = "\(parameter.name) is missing"
            faults.append(JobIssue(pointer: place.description, code: "required", message: message))
        }
        return faults
    }

    // MARK: Members that the model does not have

    private func strange(_ name: String, at place: JSONPointer) -> JobIssue {
        if let owners = owners(of: name) {
            return JobIssue(
                pointer: place.description, code: "not_for_this_variant",
                message: "\(name) does not exist for \(entry.id)", hint: owners)
        }
        return JobIssue(
            pointer: place.description, code: "unknown_field",
            message: "there is no field \(name.shortened)", hint: meant(by: name))
    }

    private func meant(by name: String) -> String? {
        let own = ["model"] + entry.parameters.map(\.name)
        let others = catalog.parameterNames
        // Spelling first: enhance-prompt is enhance_prompt, even for a model that only has prompt.
        let near =
            NearestName.respelled(name, among: own + others)
            ?? NearestName.find(name, among: own) ?? NearestName.find(name, among: others)
        guard let near else { return nil }
        guard !own.contains(near), let owners = owners(of: near) else { return "did you mean \(near)?" }
        return "did you mean \(near)? \(owners)"
    }

    /// Says which other models have a parameter: those that make videos from the same things, else any.
    private func owners(of name: String) -> String? {
        let all = catalog.models.filter { $0.parameter(name) != nil }
        let alike = all.filter { $0.mode == entry.mode }
        let owners = (alike.isEmpty ? all : alike).map(\.id)
        switch owners.count {
        case 0: return nil
        case 1: return "\(owners[0]) has it"
        case 2, 3:
            return owners.dropLast().joined(separator: ", ") + " and \(owners[owners.count - 1]) have it"
        default:
            return owners.prefix(2).joined(separator: ", ") + " and \(owners.count - 2) other models have it"
        }
    }

    // MARK: Members that bind each other

    /// Only what was sent can break a joint rule, and only what is right by itself: one fault is enough.
    private func broken(_ rule: JointRule, in members: JSONObject, besides faults: [JobIssue]) -> [JobIssue] {
        let holds = rule.when.allSatisfy { condition in
            members[condition.name].map { condition.includes($0) } ?? false
        }
        guard holds else { return [] }
        return rule.then.compactMap { condition in
            let pointer = JSONPointer.root.appending(condition.name).description
            guard let value = members[condition.name], value != .null, !condition.includes(value) else {
                return nil
            }
            guard !faults.contains(where: { $0.pointer == pointer }) else { return nil }
            let allowed = JobIssue.choice(of: condition.values.map(\.word))
            let message = "\(condition.name) must be \(allowed) when \(rule.premise(in: members))"
            return JobIssue(
                pointer: pointer, code: "not_allowed_together", message: message, allowed: condition.values)
        }
    }
}

extension JointRule {
    fileprivate func premise(in members: JSONObject) -> String {
        when.map { "\($0.name) is \(members[$0.name]?.word ?? "")" }.joined(separator: " and ")
    }
}

extension JointRule.Condition {
    fileprivate func includes(_ value: JSONValue) -> Bool { values.contains { $0.isIdentical(to: value) } }
}
