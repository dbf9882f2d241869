import JSONText
import VideoJobs

extension JSONSchema {
    /// A model of the catalog.
    static var model: JSONSchema {
        object([
            .required("id", string), .required("object", const("model")), .required("title", string.orNull),
            .required("description", string.orNull), .required("mode", string),
            .required("estimated_seconds", count.orNull), .required("lifecycle", lifecycle),
            .required("parameters", object.described("the JSON Schema of the model's jobs")),
            .required("prices", array(price)), .required("prices_confirmed", boolean),
        ])
    }

    private static var lifecycle: JSONSchema {
        object([
            .required("status", choice(ModelLifecycle.Status.self)), .required("since", date.orNull),
            .required("until", date.orNull), .required("successor", string.orNull),
        ])
    }

    private static var date: JSONSchema { string.with("format", "date") }

    static var models: JSONSchema {
        object([
            .required("object", const("list")), .required("data", array(ref(.model))),
        ])
    }

    private static var price: JSONSchema {
        object([
            .required("usd", string.described("US dollars, as a decimal number")),
            .required("per", string), .required("resolution", string.orNull),
            .required("audio", boolean.orNull),
        ])
    }
}
