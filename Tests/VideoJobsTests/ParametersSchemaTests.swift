import JSONText
import Testing

@testable import VideoJobs

@Suite struct ParametersSchemaTests {
    private func schema(_ id: String) throws -> JSONValue {
        try #require(ShippedCatalog.catalog.model(id)).parametersSchema
    }

    @Test func `a model's rules are stated as JSON Schema`() throws {
        let schema = try schema("veo-3.1-reference-to-video")
        #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["type"] == "object")
        #expect(schema["additionalProperties"] == false)
        #expect(schema["required"] == ["model", "prompt", "reference_image_urls"])
        #expect(schema["allOf"] == nil)
        var properties = try #require(schema["properties"]?.object)
        #expect(properties.members.map(\.name).prefix(3) == ["model", "prompt", "reference_image_urls"])
        for member in properties.members {
            var property = try #require(member.value.object)
            if member.name != "model" { #expect(property["description"]?.string != nil) }
            property["description"] = nil
            properties[member.name] = .object(property)
        }
        #expect(properties["model"] == ["const": "veo-3.1-reference-to-video"])
        #expect(
            properties["prompt"] == [
                "type": "string", "pattern": .string(BlankText.notBlankPattern), "maxLength": 2000,
            ])
        #expect(
            properties["reference_image_urls"] == [
                "type": "array",
                "items": [
                    "type": "string", "format": "uri", "pattern": .string(HTTPURLSyntax.pattern),
                    "maxLength": 2048,
                ], "minItems": 1, "maxItems": 3,
            ])
        #expect(properties["duration"] == ["type": "integer", "enum": [8], "default": 8])
        #expect(properties["generate_audio"] == ["type": "boolean", "default": false])
        #expect(properties["safety_tolerance"] == ["type": ["integer", "null"], "minimum": 1, "maximum": 6])
        #expect(
            properties["reference_type"] == ["type": ["string", "null"], "enum": ["ASSET", "STYLE", nil]])
    }

    @Test func `a conditional rule becomes if and then`() throws {
        #expect(
            try schema("veo-3.1-lite-text-to-video")["allOf"] == [
                [
                    "if": ["properties": ["resolution": ["enum": ["1080p"]]], "required": ["resolution"]],
                    "then": ["properties": ["duration": ["enum": [8]]]],
                ]
            ])
    }

    @Test func `an unbounded integer has 64-bit bounds, and null is allowed where it may be sent`() throws {
        let seed = try schema("veo-3.1-text-to-video")["properties"]?["seed"]
        #expect(seed?["minimum"] == .integer(.min))
        #expect(seed?["maximum"] == .integer(.max))
        var entry = try #require(ShippedCatalog.catalog.model("veo-3.1-text-to-video"))
        entry.conditionalRules = [
            ConditionalRule(
                when: [ConditionalRule.Condition(name: "resolution", values: ["4k"])],
                then: [
                    ConditionalRule.Condition(name: "safety_tolerance", values: [1]),
                    ConditionalRule.Condition(name: "duration", values: [8]),
                ])
        ]
        let then = entry.parametersSchema["allOf"]?.array?.first?["then"]?["properties"]
        #expect(then == ["safety_tolerance": ["enum": [1, nil]], "duration": ["enum": [8]]])
    }

    @Test(arguments: ShippedCatalog.catalog.models)
    func `the properties are exactly the parameters, and the callback`(_ entry: ModelEntry) throws {
        let names = try #require(entry.parametersSchema["properties"]?.object).members.map(\.name)
        #expect(names == ["model"] + entry.parameters.map(\.name) + ["callback_url"])
    }
}
