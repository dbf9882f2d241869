import JSONText

/// A member of an object in a JSON Schema.
struct SchemaMember: Sendable {
    let name: String
    let schema: JSONSchema
    let isRequired: Bool

    static func required(_ name: some RawRepresentable<String>, _ schema: JSONSchema) -> SchemaMember {
        SchemaMember(name: name.rawValue, schema: schema, isRequired: true)
    }

    static func required(_ name: String, _ schema: JSONSchema) -> SchemaMember {
        SchemaMember(name: name, schema: schema, isRequired: true)
    }

    static func optional(_ name: some RawRepresentable<String>, _ schema: JSONSchema) -> SchemaMember {
        SchemaMember(name: name.rawValue, schema: schema, isRequired: false)
    }

    static func optional(_ name: String, _ schema: JSONSchema) -> SchemaMember {
        SchemaMember(name: name, schema: schema, isRequired: false)
    }
}

extension JSONSchema {
    /// An object in a response. Later versions may add members, so others are not excluded.
    static func object(_ members: [SchemaMember]) -> JSONSchema {
        let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
        var schema = object.with(
            "properties", .object(JSONObject(members.map { .init($0.name, $0.schema.json) })))
        if !required.isEmpty { schema = schema.with("required", .array(required)) }
        return schema
    }

    /// An object in a request: any other member is an error.
    static func closed(_ members: [SchemaMember]) -> JSONSchema {
        object(members).with("additionalProperties", false)
    }
}
