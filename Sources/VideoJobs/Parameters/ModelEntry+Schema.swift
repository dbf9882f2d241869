package import JSONText

extension ModelEntry {
    /// The JSON Schema (draft 2020-12) of this model's jobs.
    package var parametersSchema: JSONValue {
        var properties: JSONObject = ["model": ["const": .string(id)]]
        for parameter in parameters { properties[parameter.name] = parameter.schema }
        properties[CallbackParameter.name] = CallbackParameter.parameter.schema
        let required = ["model"] + parameters.filter(\.isRequired).map(\.name)
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
            "properties": .object(properties), "required": .array(required.map { .string($0) }),
            "additionalProperties": false,
        ]
        if !conditionalRules.isEmpty {
            schema["allOf"] = .array(conditionalRules.map { $0.schema(of: self) })
        }
        return .object(schema)
    }
}

extension JobParameter {
    /// The JSON Schema of this parameter's value.
    var schema: JSONValue {
        var schema: JSONObject = [:]
        schema["type"] = isNullable ? [.string(schemaType), "null"] : .string(schemaType)
        schema["description"] = description.map { .string($0) }
        // `enum` must list null as well.
        schema["enum"] = allowed.map { .array(isNullable ? $0 + [.null] : $0) }
        switch kind {
        case .string:
            schema["pattern"] = .string(isRequired ? BlankText.notBlankPattern : BlankText.anyPattern)
            if allowed != nil { schema["pattern"] = nil }
            schema["maxLength"] = lengthMax.map { .integer(Int64($0)) }
        case .url: schema = schema.merging(urlSchema)
        case .urlList:
            schema["items"] = .object(JSONObject([.init("type", "string")]).merging(urlSchema))
            schema["minItems"] = items.map { .integer(Int64($0.lowerBound)) }
            schema["maxItems"] = items.map { .integer(Int64($0.upperBound)) }
        case .integer where allowed == nil || range != nil:
            schema["minimum"] = .integer(integers.lowerBound)
            schema["maximum"] = .integer(integers.upperBound)
        case .integer, .boolean: break
        }
        schema["default"] = providerDefault
        return .object(schema)
    }

    private var schemaType: String {
        switch kind {
        case .string, .url: "string"
        case .integer: "integer"
        case .boolean: "boolean"
        case .urlList: "array"
        }
    }

    private var urlSchema: JSONObject {
        var schema: JSONObject = ["format": "uri", "pattern": .string(HTTPURLSyntax.pattern)]
        schema["maxLength"] = lengthMax.map { .integer(Int64($0)) }
        return schema
    }
}

extension ConditionalRule {
    /// Returns the JSON Schema of this rule. A missing or null member violates no rule: `if` requires its
    /// members, `then` does not.
    func schema(of entry: ModelEntry) -> JSONValue {
        let names = when.map { JSONValue.string($0.name) }
        let then = then.map { condition in
            let isNullable = entry.parameter(condition.name)?.isNullable ?? false
            return Condition(name: condition.name, values: condition.values + (isNullable ? [.null] : []))
        }
        return [
            "if": ["properties": .object(Self.enums(when)), "required": .array(names)],
            "then": ["properties": .object(Self.enums(then))],
        ]
    }

    private static func enums(_ conditions: [Condition]) -> JSONObject {
        JSONObject(conditions.map { .init($0.name, ["enum": .array($0.values)]) })
    }
}

extension JSONObject {
    /// Returns these members overridden and extended by those of another object.
    func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        for member in other.members { merged[member.name] = member.value }
        return merged
    }
}
