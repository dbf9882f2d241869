import JSONText
import VideoJobs

/// The schemas of the jobs of a catalog: one for each model, and a union by `model`. Parameters that are the
/// same in several models are components of their own.
struct JobSchemas {
    private let catalog: ModelCatalog
    private let acceptsCallbacks: Bool
    private var schemas = JSONObject()

    /// - Parameter acceptsCallbacks: Whether a job may have a `callback_url`.
    init(_ catalog: ModelCatalog, acceptsCallbacks: Bool) {
        self.catalog = catalog
        self.acceptsCallbacks = acceptsCallbacks
    }

    /// Returns these schemas and the given ones.
    func adding(to schemas: JSONObject) -> JSONObject {
        var all = self
        all.schemas = schemas
        all.addModels()
        return all.schemas
    }

    private mutating func addModels() {
        // A job for a retired model is rejected.
        let jobs = catalog.models.filter { $0.lifecycle.status != .retired }
            .map { (model: $0, schema: schema(of: $0)) }
        let names = parameterNames(jobs.map(\.schema))
        var references: [JSONObject.Member] = []
        for (model, schema) in jobs {
            let name = unusedName("Job-\(Self.componentText(model.id))")
            references.append(.init(model.id, .string(Self.reference(name))))
            schemas[name] = .object(sharing(schema, names))
        }
        schemas[SchemaName.job.rawValue] = [
            "oneOf": .array(references.map { ["$ref": $0.value] }),
            "discriminator": ["propertyName": "model", "mapping": .object(JSONObject(references))],
        ]
        schemas[SchemaName.modelID.rawValue] = JSONSchema.choice(catalog.models.map(\.id)).json
    }

    /// Returns the schema of a model's jobs without what the document has once.
    private func schema(of model: ModelEntry) -> JSONObject {
        var schema = model.parametersSchema.object ?? JSONObject()
        schema["$schema"] = nil
        schema["title"] = model.title.map { .string($0) }
        guard !acceptsCallbacks, var properties = schema["properties"]?.object else { return schema }
        properties[CallbackParameter.name] = nil
        schema["properties"] = .object(properties)
        return schema
    }

    /// Adds the parameters that several jobs have alike, and returns their names by their schemas.
    private mutating func parameterNames(_ jobs: [JSONObject]) -> [[UInt8]: String] {
        var counts: [[UInt8]: Int] = [:]
        var names: [[UInt8]: String] = [:]
        for parameter in jobs.flatMap({ $0["properties"]?.object?.members ?? [] }) {
            let text = parameter.value.serialized()
            counts[text, default: 0] += 1
            guard counts[text] == 2, text.count > Self.inlineMax else { continue }
            let name = unusedName("Parameter-\(Self.componentText(parameter.name))")
            names[text] = name
            schemas[name] = parameter.value
        }
        return names
    }

    /// Bytes up to which a schema is repeated: a reference is as long.
    private static let inlineMax = 80

    /// Returns a job's schema with references to shared parameters.
    private func sharing(_ job: JSONObject, _ names: [[UInt8]: String]) -> JSONObject {
        guard var properties = job["properties"]?.object else { return job }
        for parameter in properties.members {
            guard let name = names[parameter.value.serialized()] else { continue }
            properties[parameter.name] = ["$ref": .string(Self.reference(name))]
        }
        var job = job
        job["properties"] = .object(properties)
        return job
    }
}

// Names of components.
extension JobSchemas {
    private static func reference(_ name: String) -> String { "#/components/schemas/\(name)" }

    /// Returns a name with a number if the schemas have one like it: ids may differ in other characters.
    private func unusedName(_ name: String) -> String {
        guard schemas[name] != nil else { return name }
        var number = 2
        while schemas["\(name)-\(number)"] != nil { number += 1 }
        return "\(name)-\(number)"
    }

    /// Returns a text with the characters that generators accept in names of components.
    private static func componentText(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) ? $0 : "-" })
    }
}
