package import JSONText

/// One member that a job of some model may have, and what its value may be.
package struct JobParameter: Equatable, Sendable {
    /// How a value is written in JSON.
    package enum Kind: String, CaseIterable, Sendable {
        case string, integer, boolean, url
        case urlList = "url_list"
    }

    package var name: String
    package var kind: Kind
    package var description: String?
    /// A required string must also have more than white space in it.
    package var isRequired = false
    package var isNullable = false
    /// The only values, if they can be listed.
    package var allowed: [JSONValue]?
    package var range: ClosedRange<Int64>?
    /// Counted in Unicode code points, as JSON Schema does.
    package var lengthMax: Int?
    package var items: ClosedRange<Int>?
    /// What the provider takes if the member is missing. Shown; never added to a job.
    package var shownDefault: JSONValue?

    /// The integers that are accepted where no list of values says more.
    var integers: ClosedRange<Int64> { range ?? .min ... .max }

    /// The values that would be accepted, if they can be listed in a message.
    package var listedValues: [JSONValue]? {
        if let allowed { return allowed }
        guard let range else { return nil }
        let (distance, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        return overflow || distance >= 12 ? nil : range.map { .integer($0) }
    }
}

/// Members that bind each other: when the first have these values, the second must have one of those.
package struct JointRule: Equatable, Sendable {
    /// A member and some of its values.
    package struct Condition: Equatable, Sendable {
        package var name: String
        package var values: [JSONValue]
    }

    package var when: [Condition]
    package var then: [Condition]
}

extension JSONValue {
    /// Whether both are the same: strings by their bytes, which `==` does not look at.
    func isIdentical(to other: JSONValue) -> Bool {
        if case .string(let one) = self, case .string(let two) = other { return one.isIdentical(to: two) }
        return self == other
    }

    /// How a message names a value of the catalog: text without quotes.
    var word: String { string ?? String(decoding: serialized(), as: UTF8.self) }
}

// MARK: - JSON Schema

extension ModelEntry {
    /// The JSON Schema (draft 2020-12) of a job for this model.
    package var parametersSchema: JSONValue {
        var properties: JSONObject = ["model": ["const": .string(id)]]
        for parameter in parameters { properties[parameter.name] = parameter.schema }
        let required = ["model"] + parameters.filter(\.isRequired).map(\.name)
        var schema: JSONObject = [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
            "properties": .object(properties), "required": .array(required.map { .string($0) }),
            "additionalProperties": false,
        ]
        if !jointRules.isEmpty { schema["allOf"] = .array(jointRules.map { $0.schema(of: self) }) }
        return .object(schema)
    }
}

extension JobParameter {
    var schema: JSONValue {
        var schema: JSONObject = [:]
        schema["type"] = isNullable ? [.string(schemaType), "null"] : .string(schemaType)
        schema["description"] = description.map { .string($0) }
        // `enum` speaks of null too.
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
        schema["default"] = shownDefault
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
        var schema: JSONObject = ["format": "uri", "pattern": .string(WebAddress.pattern)]
        schema["maxLength"] = lengthMax.map { .integer(Int64($0)) }
        return schema
    }
}

extension JointRule {
    /// A missing member breaks no rule, nor does a null: `if` requires its members, `then` does not.
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
    /// These members, and those of another object over them.
    func merging(_ other: JSONObject) -> JSONObject {
        var merged = self
        for member in other.members { merged[member.name] = member.value }
        return merged
    }
}
