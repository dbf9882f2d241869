package import JSONText

extension ModelCatalog {
    /// Reads a catalog (see `Config/models.yaml` for its form), or says everything that is wrong with it.
    package init(decoding value: JSONValue) throws(CatalogError) {
        var decoding = CatalogDecoding()
        let models = decoding.models(in: value)
        guard decoding.list.faults.isEmpty else { throw CatalogError(decoding.list.faults) }
        self.init(models: models, vocabulary: decoding.vocabulary)
    }
}

/// Reads a catalog top down: the shared parameters first, then each model with what it changes of them.
private struct CatalogDecoding {
    var list = CatalogIssueList()
    /// The shared parameters as written, for models to change; only those without a fault.
    private var shared = JSONObject()
    /// All their names, so that one with a fault is not also called missing.
    private var sharedNames: [String] = []
    private(set) var vocabulary = ProviderVocabulary.standard

    mutating func models(in value: JSONValue) -> [ModelEntry] {
        let keys = ["parameters", "models"] + VocabularyDecoding.keys
        guard let top = list.section(value, at: .root, keys: keys) else { return [] }
        vocabulary = VocabularyDecoding(top).vocabulary(&list)
        let definitions = top.object["parameters"].flatMap { $0 == .null ? nil : $0 } ?? [:]
        readShared(definitions, at: top.place.appending("parameters"))
        guard let written = top.required("models", &list, { $0.array("models", &$1) }) else { return [] }
        let place = top.place.appending("models")
        if written.isEmpty { list.add(place, "the catalog has no model") }
        var models: [ModelEntry] = []
        for (index, value) in written.enumerated() {
            guard let model = model(value, at: place.appending(index)) else { continue }
            if models.contains(where: { $0.id == model.id }) {
                list.add(
                    place.appending(index).appending("id"), "there is another model \(model.id.shortened)")
            }
            models.append(model)
        }
        return models
    }

    private mutating func readShared(_ value: JSONValue, at place: JSONPointer) {
        guard let object = value.object else {
            list.add(place, "parameters must be a mapping of names to definitions")
            return
        }
        sharedNames = object.members.map(\.name)
        for member in object.members {
            let before = list.faults.count
            _ = parameter(member.name, member.value, at: place.appending(member.name))
            if list.faults.count == before { shared[member.name] = member.value }
        }
    }

    // MARK: Models

    private static let modelKeys = [
        "id", "provider_id", "title", "description", "mode", "estimated_seconds", "prices", "parameters",
        "rules",
    ]

    private mutating func model(_ value: JSONValue, at place: JSONPointer) -> ModelEntry? {
        guard let section = list.section(value, at: place, keys: Self.modelKeys) else { return nil }
        let id = section.required("id", &list) { $0.string("id", &$1) }
        let mode = section.required("mode", &list) { $0.string("mode", &$1) }
        let seconds = section.integer("estimated_seconds", in: 1...86_400, &list)
        var model = ModelEntry(
            id: id ?? "", providerID: section.string("provider_id", &list),
            title: section.string("title", &list),
            description: section.string("description", &list), mode: mode ?? "",
            estimatedSeconds: seconds.map { Int($0) }, prices: prices(section), parameters: [], jointRules: []
        )
        model.parameters = parameters(section)
        model.jointRules = rules(section, of: model)
        return id == nil || mode == nil ? nil : model
    }

    private mutating func prices(_ section: CatalogSection) -> [ModelPrice] {
        let place = section.place.appending("prices")
        let written = section.array("prices", &list) ?? []
        return written.enumerated().compactMap { price($1, at: place.appending($0)) }
    }

    private mutating func price(_ value: JSONValue, at place: JSONPointer) -> ModelPrice? {
        let keys = ["usd", "per", "resolution", "audio"]
        guard let section = list.section(value, at: place, keys: keys) else { return nil }
        let unit: ModelPrice.Unit? = section.required("per", &list) { $0.word("per", &$1) }
        guard let text = section.required("usd", &list, { $0.string("usd", &$1) }) else { return nil }
        guard let amount = ModelPrice.microDollars(text) else {
            list.add(
                place.appending("usd"), "usd must be dollars with at most six decimals, such as \"0.40\"")
            return nil
        }
        return ModelPrice(
            resolution: section.string("resolution", &list), audio: section.bool("audio", &list),
            microDollars: amount, unit: unit ?? .video)
    }

    // MARK: Parameters

    /// A model lists names of shared parameters; `name: {…}` instead of a name changes some of its keys.
    private mutating func parameters(_ section: CatalogSection) -> [JobParameter] {
        let place = section.place.appending("parameters")
        let written = section.required("parameters", &list) { $0.array("parameters", &$1) } ?? []
        var parameters: [JobParameter] = []
        for (index, value) in written.enumerated() {
            guard let parameter = listed(value, at: place.appending(index)) else { continue }
            if parameters.contains(where: { $0.name.isIdentical(to: parameter.name) }) {
                list.add(place.appending(index), "\(parameter.name) is listed twice")
            }
            parameters.append(parameter)
        }
        return parameters
    }

    private mutating func listed(_ value: JSONValue, at place: JSONPointer) -> JobParameter? {
        switch value {
        case .string(let name):
            return combined(name, with: [:], at: place, named: place)
        case .object(let object) where object.members.count == 1:
            let (name, changes) = (object.members[0].name, object.members[0].value)
            guard case .object(let changed) = changes else { break }
            return combined(name, with: changed, at: place.appending(name), named: place)
        default: break
        }
        list.add(place, "a name of a parameter is expected here, or name: {what differs}")
        return nil
    }

    private mutating func combined(
        _ name: String, with changes: JSONObject, at place: JSONPointer, named: JSONPointer
    ) -> JobParameter? {
        guard let base = shared[name]?.object ?? (changes["type"] == nil ? nil : [:]) else {
            // One that is there but faulty was complained about already.
            if !sharedNames.contains(where: name.isIdentical) {
                let hint = NearestName.find(name, among: sharedNames).map { "did you mean \($0)?" }
                list.add(named, "there is no \(name.shortened) under parameters", hint: hint)
            }
            return nil
        }
        return parameter(name, .object(base.merging(changes)), at: place)
    }

    private mutating func parameter(
        _ name: String, _ value: JSONValue, at place: JSONPointer
    ) -> JobParameter? {
        if name == "model" { list.add(place, "model is not a parameter: every job has it") }
        return ParameterDecoding(name: name, place: place).parameter(value, &list)
    }

    // MARK: Joint rules

    private mutating func rules(_ section: CatalogSection, of model: ModelEntry) -> [JointRule] {
        let place = section.place.appending("rules")
        var rules: [JointRule] = []
        for (index, value) in (section.array("rules", &list) ?? []).enumerated() {
            let here = place.appending(index)
            guard let rule = list.section(value, at: here, keys: ["when", "then"]) else { continue }
            rules.append(
                JointRule(
                    when: conditions("when", of: rule, model), then: conditions("then", of: rule, model)))
        }
        return rules
    }

    private mutating func conditions(
        _ key: String, of rule: CatalogSection, _ model: ModelEntry
    ) -> [JointRule.Condition] {
        let place = rule.place.appending(key)
        guard let members = rule.object[key]?.object?.members, !members.isEmpty else {
            list.add(place, "\(key) must name parameters and their values")
            return []
        }
        return members.map { member in
            let values = member.value.array ?? [member.value]
            let here = place.appending(member.name)
            let parameter = model.parameter(member.name)
            if parameter == nil { list.add(here, "this model has no parameter \(member.name.shortened)") }
            for value in values {
                guard let fault = parameter?.faults(in: value, at: here).first else { continue }
                list.add(here, fault.message, hint: fault.hint)
            }
            return JointRule.Condition(name: member.name, values: values)
        }
    }
}

/// Reads the definition of one parameter and checks that its parts agree.
private struct ParameterDecoding {
    var name: String
    var place: JSONPointer

    private static let keys = [
        "type", "description", "required", "nullable", "allowed", "min", "max", "max_length", "min_items",
        "max_items", "default",
    ]

    func parameter(_ value: JSONValue, _ list: inout CatalogIssueList) -> JobParameter? {
        guard let section = list.section(value, at: place, keys: Self.keys) else { return nil }
        let kind: JobParameter.Kind? = section.required("type", &list) { $0.word("type", &$1) }
        guard let kind else { return nil }
        refuseForeignKeys(section, kind, &list)
        var parameter = JobParameter(name: name, kind: kind)
        parameter.description = section.string("description", &list)
        parameter.isRequired = section.bool("required", &list) ?? false
        parameter.isNullable = section.bool("nullable", &list) ?? false
        parameter.lengthMax = section.integer("max_length", in: 1...1_000_000, &list).map { Int($0) }
        parameter.range = range(("min", "max"), in: .min ... .max, section, &list)
        let items = range(("min_items", "max_items"), in: 0...1000, section, &list)
        parameter.items = items.map { Int($0.lowerBound)...Int($0.upperBound) }
        let allowed = section.array("allowed", &list)
        check(allowed ?? [], "allowed", parameter, &list)
        parameter.allowed = allowed
        if parameter.allowed?.isEmpty == true {
            list.add(place.appending("allowed"), "allowed lists no value")
        }
        parameter.shownDefault = section.object["default"].flatMap { $0 == .null ? nil : $0 }
        check(parameter.shownDefault.map { [$0] } ?? [], "default", parameter, &list)
        return parameter
    }

    /// A limit that says nothing about its type would be silently ignored.
    private func refuseForeignKeys(
        _ section: CatalogSection, _ kind: JobParameter.Kind, _ list: inout CatalogIssueList
    ) {
        let owners: [(keys: [String], kinds: [JobParameter.Kind])] = [
            (["min", "max"], [.integer]), (["allowed"], [.string, .integer]),
            (["max_length"], [.string, .url, .urlList]), (["min_items", "max_items"], [.urlList]),
        ]
        for owner in owners where !owner.kinds.contains(kind) {
            for key in owner.keys where section.object[key] != nil {
                let kinds = JobIssue.choice(of: owner.kinds.map(\.rawValue))
                list.add(place.appending(key), "\(key) is only for type \(kinds)")
            }
        }
    }

    private func range(
        _ keys: (low: String, high: String), in bounds: ClosedRange<Int64>, _ section: CatalogSection,
        _ list: inout CatalogIssueList
    ) -> ClosedRange<Int64>? {
        let least = section.integer(keys.low, in: bounds, &list)
        let most = section.integer(keys.high, in: bounds, &list)
        guard least != nil || most != nil else { return nil }
        let (lower, upper) = (least ?? bounds.lowerBound, most ?? bounds.upperBound)
        guard lower <= upper else {
            list.add(place.appending(keys.high), "\(keys.high) is less than \(keys.low)")
            return nil
        }
        return lower...upper
    }

    private func check(
        _ values: [JSONValue], _ key: String, _ parameter: JobParameter, _ list: inout CatalogIssueList
    ) {
        for value in values {
            guard let fault = parameter.faults(in: value, at: place).first else { continue }
            list.add(place.appending(key), "\(key): \(fault.message)", hint: fault.hint)
        }
    }
}
