import JSONText
import YAMLText

@testable import Reelgate
@testable import VideoJobs

/// Jobs against the catalog that ships: what passes is forwarded as sent, what does not hears where and why.
enum JobProperty {
    private static let catalog: ModelCatalog? = {
        let text = ConfigurationText(name: "models.yaml", path: nil, bytes: PackageResources.models_yaml)
        return try? text.readCatalog()
    }()

    static func check(_ input: [UInt8]) throws(Finding) {
        guard let catalog else { throw Finding("the catalog that ships cannot be read") }
        try check(input, against: catalog)
    }

    static func check(_ input: [UInt8], against catalog: ModelCatalog) throws(Finding) {
        let job: VideoJob
        do throws(JobValidationError) {
            job = try catalog.validate(input)
        } catch {
            switch error {
            case .malformed(let fault): return try JSONProperty.checkPlace(fault, in: input)
            case .unknownModel(let fault): return try check([fault], in: input)
            case .invalid(let faults): return try check(faults, in: input)
            }
        }
        try checkAccepted(job, sent: input, catalog)
    }

    private static func checkAccepted(
        _ job: VideoJob, sent: [UInt8], _ catalog: ModelCatalog
    ) throws(Finding) {
        guard let entry = catalog.model(job.model) else { throw Finding("there is no such model") }
        try promise(entry.providerID != nil || job.payload == sent, "the payload is not what was sent")
        let value = try? JSONValue(parsing: job.payload)
        let again = VideoJob(model: job.model, payload: value?.serialized() ?? [])
        try promise(again.canonicalForm == job.canonicalForm, "written anew it is another job")
        for parameter in entry.parameters where parameter.isRequired {
            try promise(value?[parameter.name] != nil, "\(parameter.name) is missing")
        }
        let names = ["model"] + entry.parameters.map(\.name)
        for member in value?.object?.members ?? [] {
            try promise(names.contains { $0.isIdentical(to: member.name) }, "an unknown field passed")
        }
    }

    private static func check(_ faults: [JobIssue], in input: [UInt8]) throws(Finding) {
        guard let value = try? JSONValue(parsing: input) else { throw Finding("it is no JSON at all") }
        try promise(!faults.isEmpty, "refused without a fault")
        // Joint rules and missing members come on top of those that are counted.
        try promise(faults.count <= ModelCatalog.issuesMax + 64, "\(faults.count) faults")
        for fault in faults {
            guard let place = JSONPointer(parsing: fault.pointer) else {
                throw Finding("\(fault.pointer) is no pointer")
            }
            let isThere = value.value(at: place) != nil
            try promise(isThere || fault.code == "required", "there is nothing at \(place)")
            let parent = JSONPointer(tokens: Array(place.tokens.dropLast()))
            try promise(value.value(at: parent) != nil, "there is nothing above \(place)")
            try promise((1...600).contains(fault.message.unicodeScalars.count), "a message of no sane length")
        }
    }
}

/// Catalogs: read or refused with a line, and whatever is read can judge a job.
enum CatalogProperty {
    private static let job = Array(
        #"{"model":"m","prompt":"p","duration":8,"urls":["https://a.example/"],"x":[1]}"#.utf8)

    static func check(_ input: [UInt8]) throws(Finding) {
        let text = ConfigurationText(name: "models.yaml", path: nil, bytes: input)
        let catalog: ModelCatalog
        do throws(SettingsError) {
            catalog = try text.readCatalog()
        } catch {
            return try SettingsProperty.check(error.issues, in: input)
        }
        try promise(!catalog.models.isEmpty, "a catalog without a model")
        try promise(Set(catalog.models.map(\.id)).count == catalog.models.count, "two models of one id")
        try JobProperty.check(job, against: catalog)
        for model in catalog.models {
            var named = (try? JSONValue(parsing: job))?.object ?? [:]
            named["model"] = .string(model.id)
            try JobProperty.check(JSONValue.object(named).serialized(), against: catalog)
        }
    }
}
