import JSONText

/// The rules of one model, applied to the members of a job.
struct JobRules {
    let catalog: ModelCatalog
    let entry: ModelEntry

    /// Returns every issue in the order of the members, followed by those of conditional rules and missing
    /// members.
    func issues(in members: JSONObject) -> [JobIssue] {
        var issues: [JobIssue] = []
        for member in members.members where !member.name.isIdentical(to: "model") {
            let pointer = JSONPointer.root.appending(member.name)
            if let parameter = entry.parameter(member.name) {
                issues += parameter.issues(in: member.value, at: pointer)
            } else {
                issues.append(unknownField(member.name, at: pointer))
            }
            if issues.count >= ModelCatalog.issuesMax { return Array(issues.prefix(ModelCatalog.issuesMax)) }
        }
        for rule in entry.conditionalRules { issues += violations(of: rule, in: members, besides: issues) }
        for parameter in entry.parameters where parameter.isRequired && members[parameter.name] == nil {
            let pointer = JSONPointer.root.appending(parameter.name)
            let message = "\(parameter.name) is missing"
            issues.append(JobIssue(pointer: pointer.description, code: "required", message: message))
        }
        return issues
    }

    // MARK: Unknown members

    private func unknownField(_ name: String, at pointer: JSONPointer) -> JobIssue {
        if let hint = modelsAccepting(name) {
            return JobIssue(
                pointer: pointer.description, code: "not_for_this_variant",
                message: "\(name) does not exist for \(entry.id)", hint: hint)
        }
        return JobIssue(
            pointer: pointer.description, code: "unknown_field",
            message: "there is no field \(name.shortened)", hint: suggestion(for: name))
    }

    private func suggestion(for name: String) -> String? {
        let own = ["model"] + entry.parameters.map(\.name)
        let others = catalog.parameterNames
        // Spelling variants first: enhance-prompt is enhance_prompt, even for a model that only has prompt.
        let nearest =
            NearestName.respelling(of: name, among: own + others)
            ?? NearestName.find(name, among: own) ?? NearestName.find(name, among: others)
        guard let nearest else { return nil }
        guard !own.contains(nearest), let hint = modelsAccepting(nearest) else {
            return "did you mean \(nearest)?"
        }
        return "did you mean \(nearest)? \(hint)"
    }

    /// Returns a hint that names the models with a parameter: those of the same mode, otherwise any.
    private func modelsAccepting(_ name: String) -> String? {
        let all = catalog.models.filter { $0.parameter(name) != nil }
        let sameMode = all.filter { $0.mode == entry.mode }
        let ids = (sameMode.isEmpty ? all : sameMode).map(\.id)
        switch ids.count {
        case 0: return nil
        case 1: return "\(ids[0]) has it"
        case 2, 3:
            return ids.dropLast().joined(separator: ", ") + " and \(ids[ids.count - 1]) have it"
        default:
            return ids.prefix(2).joined(separator: ", ") + " and \(ids.count - 2) other models have it"
        }
    }

    // MARK: Conditional rules

    /// Returns the violations of a conditional rule, limited to members that were sent and have no issue of
    /// their own.
    private func violations(
        of rule: ConditionalRule, in members: JSONObject, besides issues: [JobIssue]
    ) -> [JobIssue] {
        let applies = rule.when.allSatisfy { condition in
            members[condition.name].map { condition.includes($0) } ?? false
        }
        guard applies else { return [] }
        return rule.then.compactMap { condition in
            let pointer = JSONPointer.root.appending(condition.name).description
            guard let value = members[condition.name], value != .null, !condition.includes(value) else {
                return nil
            }
            guard !issues.contains(where: { $0.pointer == pointer }) else { return nil }
            let allowed = String.alternatives(condition.values.map(\.messageText))
            let message = "\(condition.name) must be \(allowed) when \(rule.premise(in: members))"
            return JobIssue(
                pointer: pointer, code: "not_allowed_together", message: message, allowed: condition.values)
        }
    }
}

extension ConditionalRule {
    /// Describes the conditions of `when` with the values of a job.
    fileprivate func premise(in members: JSONObject) -> String {
        when.map { "\($0.name) is \(members[$0.name]?.messageText ?? "")" }.joined(separator: " and ")
    }
}

extension ConditionalRule.Condition {
    fileprivate func includes(_ value: JSONValue) -> Bool { values.contains { $0.isIdentical(to: value) } }
}
