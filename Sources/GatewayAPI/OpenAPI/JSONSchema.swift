import JSONText

/// A JSON Schema (draft 2020-12) in the description of the API.
struct JSONSchema: Equatable, Sendable {
    private(set) var keywords: JSONObject

    init(_ keywords: JSONObject) { self.keywords = keywords }

    var json: JSONValue { .object(keywords) }
}

extension JSONSchema {
    /// Any value.
    static let any = JSONSchema([:])
    static let string = JSONSchema(["type": "string"])
    static let integer = JSONSchema(["type": "integer"])
    static let boolean = JSONSchema(["type": "boolean"])
    static let null = JSONSchema(["type": "null"])
    static let object = JSONSchema(["type": "object"])
    /// A whole number that is not negative.
    static let count = JSONSchema(["type": "integer", "minimum": 0])
    /// An amount of money.
    static let microdollars = integer.described("millionths of a US dollar")
    static let seconds = integer.described("seconds since 1970-01-01 UTC")

    static func const(_ text: String) -> JSONSchema { JSONSchema(["const": .string(text)]) }

    static func integer(_ range: ClosedRange<Int>) -> JSONSchema {
        JSONSchema([
            "type": "integer", "minimum": .integer(Int64(range.lowerBound)),
            "maximum": .integer(Int64(range.upperBound)),
        ])
    }

    static func text(_ lengths: ClosedRange<Int>, pattern: String? = nil) -> JSONSchema {
        var schema = string
        schema.keywords["minLength"] = .integer(Int64(lengths.lowerBound))
        schema.keywords["maxLength"] = .integer(Int64(lengths.upperBound))
        schema.keywords["pattern"] = pattern.map { .string($0) }
        return schema
    }

    static func choice(_ values: [String]) -> JSONSchema {
        JSONSchema(["type": "string", "enum": .array(values.map { .string($0) })])
    }

    /// One of the raw values of an enumeration.
    static func choice<Choice: RawRepresentable<String> & CaseIterable>(_: Choice.Type) -> JSONSchema {
        choice(Choice.allCases.map(\.rawValue))
    }

    static func array(_ items: JSONSchema) -> JSONSchema {
        JSONSchema(["type": "array", "items": items.json])
    }

    static func ref(_ name: SchemaName) -> JSONSchema { JSONSchema(["$ref": .string(name.reference)]) }

    static func anyOf(_ schemas: [JSONSchema]) -> JSONSchema {
        JSONSchema(["anyOf": .array(schemas.map(\.json))])
    }
}

extension JSONSchema {
    /// The schema, or null.
    var orNull: JSONSchema {
        guard let type = keywords["type"] else { return Self.anyOf([self, .null]) }
        var schema = self
        schema.keywords["type"] = [type, "null"]
        // `enum` must list null as well.
        schema.keywords["enum"] = keywords["enum"]?.array.map { .array($0 + [.null]) }
        return schema
    }

    func described(_ text: String) -> JSONSchema {
        with("description", .string(text))
    }

    /// Returns the schema with one more keyword.
    func with(_ keyword: String, _ value: JSONValue) -> JSONSchema {
        var schema = self
        schema.keywords[keyword] = value
        return schema
    }
}
