import JSONText

/// A valid create request.
struct ProviderJob: Equatable, Sendable {
    var model: String
    var prompt: String
    var isPortrait: Bool

    /// Validates a body; throws the first error.
    ///
    /// - Parameter furtherModels: Models whose jobs may have any parameters.
    init(_ body: JSONValue, furtherModels: [String] = []) throws(ProviderFault) {
        guard let members = body.object else {
            throw ProviderFault(400, "bad_request", "the body must be a JSON object")
        }
        guard let id = members["model"]?.string else {
            throw .invalid("model", "model is required and must be a string")
        }
        if furtherModels.contains(id) {
            self.init(id, members)
            return
        }
        guard let model = ProviderModel.named(id) else {
            throw ProviderFault(422, "model_not_found", "no such model: \(id.prefix(80))", param: "model")
        }
        for member in members.members { try model.check(member) }
        for (name, field) in model.fields where field.isRequired && members[name] == nil {
            throw .invalid(name, "\(name) is required")
        }
        try model.checkTogether(members)
        self.init(id, members)
    }

    private init(_ model: String, _ members: JSONObject) {
        self.model = model
        self.prompt = members["prompt"]?.string ?? ""
        self.isPortrait = members["aspect_ratio"]?.string == "9:16"
    }
}

extension ProviderModel {
    fileprivate func check(_ member: JSONObject.Member) throws(ProviderFault) {
        let name = member.name
        guard let field = fields[name] else {
            throw .invalid(String(name.prefix(80)), "unknown parameter: \(name.prefix(80))")
        }
        if case .null = member.value, field.isNullable { return }
        switch field.kind {
        case .text:
            guard let text = member.value.string, !text.isEmpty || !field.isRequired else {
                throw .invalid(name, "\(name) must be a non-empty string")
            }
        case .flag:
            guard member.value.bool != nil else { throw .invalid(name, "\(name) must be true or false") }
        case .choice(let values):
            guard let value = member.value.string, values.contains(value) else {
                throw .invalid(name, "\(name) must be one of \(values.joined(separator: ", "))")
            }
        case .integer(let numbers):
            guard let number = member.value.integer, numbers.contains(number) else {
                let list = numbers.sorted().map(String.init).joined(separator: ", ")
                throw .invalid(name, "\(name) must be one of \(list)")
            }
        case .anyInteger:
            guard member.value.integer != nil else { throw .invalid(name, "\(name) must be an integer") }
        case .url:
            guard Self.isHTTPURL(member.value) else { throw .invalid(name, "\(name) must be a URL") }
        case .urls(let count):
            guard let urls = member.value.array, count.contains(urls.count),
                urls.allSatisfy(Self.isHTTPURL)
            else {
                throw .invalid(name, "\(name) must be \(count.lowerBound) to \(count.upperBound) URLs")
            }
        }
    }

    /// Lite models support 1080p only with a duration of 8. A missing resolution is chosen by the provider.
    fileprivate func checkTogether(_ members: JSONObject) throws(ProviderFault) {
        guard tier == .lite, members["resolution"]?.string == "1080p",
            (members["duration"]?.integer ?? 8) != 8
        else { return }
        throw .invalid("resolution", "1080p needs duration 8 with this model")
    }

    private static func isHTTPURL(_ value: JSONValue) -> Bool {
        guard let text = value.string?.lowercased() else { return false }
        return ["http://", "https://"].contains { text.hasPrefix($0) && text.utf8.count > $0.utf8.count }
    }
}
