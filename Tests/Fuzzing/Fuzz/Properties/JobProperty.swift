import JSONText
import YAMLText

@testable import Reelgate
@testable import VideoJobs

/// Jobs and the shipped catalog: an accepted job is forwarded unchanged, a rejected one has located issues.
enum JobProperty {
    private static let catalog: ModelCatalog? = {
        let text = ConfigurationText(name: "models.yaml", path: nil, bytes: PackageResources.models_yaml)
        return try? text.readCatalog()
    }()

    static func check(_ input: [UInt8]) throws(PropertyError) {
        guard let catalog else { throw PropertyError("the shipped catalog is rejected") }
        try check(input, against: catalog)
    }

    static func check(_ input: [UInt8], against catalog: ModelCatalog) throws(PropertyError) {
        let job: VideoJob
        do throws(JobValidationError) {
            job = try catalog.validate(input)
        } catch {
            switch error {
            case .malformed(let error): return try JSONProperty.checkLocation(error, in: input)
            case .unknownModel(let issue), .modelRetired(let issue): return try check([issue], in: input)
            case .invalid(let issues): return try check(issues, in: input)
            }
        }
        try checkAccepted(job, sent: input, catalog)
    }

    private static func checkAccepted(
        _ job: VideoJob, sent: [UInt8], _ catalog: ModelCatalog
    ) throws(PropertyError) {
        guard let entry = catalog.model(job.model) else { throw PropertyError("there is no such model") }
        try require(entry.providerID != nil || job.payload == sent, "the payload is not what was sent")
        let value = try? JSONValue(parsing: job.payload)
        let again = VideoJob(model: job.model, payload: value?.serialized() ?? [])
        try require(again.canonicalForm == job.canonicalForm, "the written job differs")
        for parameter in entry.parameters where parameter.isRequired {
            try require(value?[parameter.name] != nil, "\(parameter.name) is missing")
        }
        let names = ["model"] + entry.parameters.map(\.name)
        for member in value?.object?.members ?? [] {
            try require(names.contains { $0.isIdentical(to: member.name) }, "an unknown field passed")
        }
    }

    private static func check(_ issues: [JobIssue], in input: [UInt8]) throws(PropertyError) {
        guard let value = try? JSONValue(parsing: input) else { throw PropertyError("the text is no JSON") }
        try require(!issues.isEmpty, "rejected without an issue")
        // Joint rules and missing members are not counted for the limit.
        try require(issues.count <= ModelCatalog.issuesMax + 64, "\(issues.count) issues")
        for issue in issues {
            guard let location = JSONPointer(parsing: issue.pointer) else {
                throw PropertyError("\(issue.pointer) is no pointer")
            }
            let isThere = value.value(at: location) != nil
            try require(isThere || issue.code == "required", "there is nothing at \(location)")
            let parent = JSONPointer(tokens: Array(location.tokens.dropLast()))
            try require(value.value(at: parent) != nil, "there is nothing above \(location)")
            try require(
                (1...600).contains(issue.message.unicodeScalars.count), "a message of an unreasonable length")
        }
    }
}
