import JSONText
import YAMLText

@testable import Reelgate
@testable import VideoJobs

/// Catalogs: parsed, or rejected with a line. A parsed catalog can validate a job.
enum CatalogProperty {
    private static let job = Array(
        #"{"model":"m","prompt":"p","duration":8,"urls":["https://a.example/"],"x":[1]}"#.utf8)

    static func check(_ input: [UInt8]) throws(PropertyError) {
        let text = ConfigurationText(name: "models.yaml", path: nil, bytes: input)
        let catalog: ModelCatalog
        do throws(SettingsError) {
            catalog = try text.readCatalog()
        } catch {
            return try SettingsProperty.check(error.issues, in: input)
        }
        try require(!catalog.models.isEmpty, "a catalog without a model")
        try require(Set(catalog.models.map(\.id)).count == catalog.models.count, "two models of one id")
        try JobProperty.check(job, against: catalog)
        for model in catalog.models {
            var named = (try? JSONValue(parsing: job))?.object ?? [:]
            named["model"] = .string(model.id)
            try JobProperty.check(JSONValue.object(named).serialized(), against: catalog)
        }
    }
}
