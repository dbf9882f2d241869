package import JSONText

extension ModelCatalog {
    /// Decodes a catalog in the form of `Config/models.yaml`; throws every issue of an invalid one.
    package init(decoding value: JSONValue) throws(CatalogError) {
        var decoder = CatalogDecoder()
        let models = decoder.models(in: value)
        guard decoder.list.issues.isEmpty else { throw CatalogError(decoder.list.issues) }
        self.init(models: models, vocabulary: decoder.vocabulary)
    }
}

/// Decodes a catalog top down: the shared parameters first, then each model with its overrides.
private struct CatalogDecoder {
    var list = CatalogIssueList()
    /// The valid shared parameters in source form, for models to override.
    private var shared = JSONObject()
    /// The names of all shared parameters, so that an invalid one is not also reported as unknown.
    private var sharedNames: [String] = []
    private(set) var vocabulary = ProviderVocabulary.standard

    mutating func models(in value: JSONValue) -> [ModelEntry] {
        let keys = ["parameters", "models"] + VocabularyDecoder.keys
        guard let top = list.section(value, at: .root, keys: keys) else { return [] }
        vocabulary = VocabularyDecoder(top).vocabulary(&list)
        let definitions = top.object["parameters"].flatMap { $0 == .null ? nil : $0 } ?? [:]
        readShared(definitions, at: top.pointer.appending("parameters"))
        guard let elements = top.required("models", &list, { $0.array("models", &$1) }) else { return [] }
        let pointer = top.pointer.appending("models")
        if elements.isEmpty { list.add(pointer, "the catalog lists no models") }
        var models: [ModelEntry] = []
        var lifecycles = LifecycleDecoder()
        for (index, value) in elements.enumerated() {
            let model = model(value, at: pointer.appending(index))
            lifecycles.add(value, model, at: pointer.appending(index))
            guard let model else { continue }
            if models.contains(where: { $0.id == model.id }) {
                list.add(pointer.appending(index).appending("id"), "duplicate model \(model.id.shortened)")
            }
            models.append(model)
        }
        lifecycles.checkSuccessors(&list)
        return models
    }

    private mutating func readShared(_ value: JSONValue, at pointer: JSONPointer) {
        guard let object = value.object else {
            list.add(pointer, "parameters must be a mapping of names to definitions")
            return
        }
        sharedNames = object.members.map(\.name)
        for member in object.members {
            let before = list.issues.count
            _ = parameter(member.name, member.value, at: pointer.appending(member.name))
            if list.issues.count == before { shared[member.name] = member.value }
        }
    }

    // MARK: Models

    private static let modelKeys = [
        "id", "provider_id", "title", "description", "mode", "estimated_seconds", "prices",
        "prices_confirmed", "parameters", "rules", "lifecycle", "on_missing",
    ]

    private mutating func model(_ value: JSONValue, at pointer: JSONPointer) -> ModelEntry? {
        guard let section = list.section(value, at: pointer, keys: Self.modelKeys) else { return nil }
        let id = section.required("id", &list) { $0.string("id", &$1) }
        let mode = section.required("mode", &list) { $0.string("mode", &$1) }
        let seconds = section.integer("estimated_seconds", in: 1...86_400, &list)
        var model = ModelEntry(
            id: id ?? "", providerID: section.string("provider_id", &list),
            title: section.string("title", &list),
            description: section.string("description", &list), mode: mode ?? "",
            estimatedSeconds: seconds.map { Int($0) }, prices: prices(section), parameters: [],
            conditionalRules: []
        )
        model.pricesConfirmed = section.bool("prices_confirmed", &list) ?? false
        model.lifecycle = LifecycleDecoder.lifecycle(of: section, &list)
        model.onMissing = section.choice("on_missing", &list) ?? .warn
        model.parameters = parameters(section)
        model.conditionalRules = rules(section, of: model)
        return id == nil || mode == nil ? nil : model
    }

    private mutating func prices(_ section: CatalogSection) -> [ModelPrice] {
        let pointer = section.pointer.appending("prices")
        let elements = section.array("prices", &list) ?? []
        return elements.enumerated().compactMap { price($1, at: pointer.appending($0)) }
    }

    private mutating func price(_ value: JSONValue, at pointer: JSONPointer) -> ModelPrice? {
        let keys = ["usd", "per", "resolution", "audio"]
        guard let section = list.section(value, at: pointer, keys: keys) else { return nil }
        let unit: ModelPrice.Unit? = section.required("per", &list) { $0.choice("per", &$1) }
        guard let text = section.required("usd", &list, { $0.string("usd", &$1) }) else { return nil }
        guard let amount = Dollars.microdollars(text) else {
            list.add(
                pointer.appending("usd"), "usd must be dollars with at most six decimals, such as \"0.40\"")
            return nil
        }
        return ModelPrice(
            resolution: section.string("resolution", &list), audio: section.bool("audio", &list),
            microDollars: amount, unit: unit ?? .video)
    }

    // MARK: Parameters

    /// Decodes the parameters of a model: names of shared parameters, or `name: {…}` to override some keys.
    private mutating func parameters(_ section: CatalogSection) -> [JobParameter] {
        let pointer = section.pointer.appending("parameters")
        let elements = section.required("parameters", &list) { $0.array("parameters", &$1) } ?? []
        var parameters: [JobParameter] = []
        for (index, value) in elements.enumerated() {
            guard let parameter = listed(value, at: pointer.appending(index)) else { continue }
            if parameters.contains(where: { $0.name.isIdentical(to: parameter.name) }) {
                list.add(pointer.appending(index), "\(parameter.name) is listed twice")
            }
            parameters.append(parameter)
        }
        return parameters
    }

    private mutating func listed(_ value: JSONValue, at pointer: JSONPointer) -> JobParameter? {
        switch value {
        case .string(let name):
            return overriding(name, with: [:], at: pointer, named: pointer)
        case .object(let object) where object.members.count == 1:
            let (name, changes) = (object.members[0].name, object.members[0].value)
            guard case .object(let overrides) = changes else { break }
            return overriding(name, with: overrides, at: pointer.appending(name), named: pointer)
        default: break
        }
        list.add(pointer, "expected a parameter name, or a mapping of one name to its overrides")
        return nil
    }

    private mutating func overriding(
        _ name: String, with overrides: JSONObject, at pointer: JSONPointer, named: JSONPointer
    ) -> JobParameter? {
        guard let base = shared[name]?.object ?? (overrides["type"] == nil ? nil : [:]) else {
            // An invalid shared parameter has been reported already.
            if !sharedNames.contains(where: name.isIdentical) {
                let hint = NearestName.find(name, among: sharedNames).map { "did you mean \($0)?" }
                list.add(named, "unknown parameter \(name.shortened)", hint: hint)
            }
            return nil
        }
        return parameter(name, .object(base.merging(overrides)), at: pointer)
    }

    private mutating func parameter(
        _ name: String, _ value: JSONValue, at pointer: JSONPointer
    ) -> JobParameter? {
        if name == "model" { list.add(pointer, "model cannot be a parameter: every job has it") }
        return ParameterDecoder(name: name, pointer: pointer).parameter(value, &list)
    }

    // MARK: Conditional rules

    private mutating func rules(_ section: CatalogSection, of model: ModelEntry) -> [ConditionalRule] {
        let pointer = section.pointer.appending("rules")
        var rules: [ConditionalRule] = []
        for (index, value) in (section.array("rules", &list) ?? []).enumerated() {
            let rulePointer = pointer.appending(index)
            guard let rule = list.section(value, at: rulePointer, keys: ["when", "then"]) else { continue }
            rules.append(
                ConditionalRule(
                    when: conditions("when", of: rule, model), then: conditions("then", of: rule, model)))
        }
        return rules
    }

    private mutating func conditions(
        _ key: String, of rule: CatalogSection, _ model: ModelEntry
    ) -> [ConditionalRule.Condition] {
        let pointer = rule.pointer.appending(key)
        guard let members = rule.object[key]?.object?.members, !members.isEmpty else {
            list.add(pointer, "\(key) must be a mapping of parameters to values")
            return []
        }
        return members.map { member in
            let values = member.value.array ?? [member.value]
            let memberPointer = pointer.appending(member.name)
            let parameter = model.parameter(member.name)
            if parameter == nil {
                list.add(memberPointer, "this model has no parameter \(member.name.shortened)")
            }
            for value in values {
                guard let issue = parameter?.issues(in: value, at: memberPointer).first else { continue }
                list.add(memberPointer, issue.message, hint: issue.hint)
            }
            return ConditionalRule.Condition(name: member.name, values: values)
        }
    }
}
