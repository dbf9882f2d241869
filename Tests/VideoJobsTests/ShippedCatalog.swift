import Glibc
import JSONText
import Testing
import VideoJobs
import YAMLText

/// The catalog in `Config/models.yaml`, decoded once.
enum ShippedCatalog {
    static let document: YAMLDocument = {
        do throws(YAMLError) {
            return try YAMLDocument(parsing: Array(text.utf8))
        } catch {
            fatalError("Config/models.yaml, line \(error.line): \(error.message)")
        }
    }()

    static let catalog: ModelCatalog = {
        do throws(CatalogError) {
            return try ModelCatalog(decoding: document.value)
        } catch {
            fatalError("Config/models.yaml: \(error.issues)")
        }
    }()

    static let standard = "veo-3.1-reference-to-video"
    static let fast = "veo-3.1-fast-reference-to-video"

    /// Returns a valid job with some members changed.
    static func job(_ changes: JSONObject, of model: String = standard) -> JSONObject {
        var job: JSONObject = [
            "model": .string(model), "prompt": "A garden",
            "reference_image_urls": ["https://example.com/ref1.jpg"],
        ]
        for member in changes.members { job[member.name] = member.value }
        return job
    }

    private static let text: String = {
        let path =
            #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/Config/models.yaml"
        guard let file = unsafe fopen(path, "r") else { fatalError("cannot read \(path)") }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }()
}

extension ModelEntry: CustomTestStringConvertible {
    package var testDescription: String { id }

    /// A job with every required parameter and nothing else.
    var smallestJob: JSONObject {
        var job: JSONObject = ["model": .string(id)]
        for parameter in parameters where parameter.isRequired { job[parameter.name] = parameter.validValue }
        return job
    }

    /// A job with every parameter.
    var fullestJob: JSONObject {
        var job: JSONObject = ["model": .string(id)]
        for parameter in parameters { job[parameter.name] = parameter.validValue }
        return job
    }
}

extension JobParameter {
    /// A valid value. The last allowed value satisfies the conditional rules: duration 8, resolution 1080p.
    var validValue: JSONValue {
        if let last = allowed?.last { return last }
        switch kind {
        case .string: return "A woman walking through a garden, 一个女人"
        case .integer: return .integer(range?.lowerBound ?? 7)
        case .boolean: return true
        case .url: return "https://example.com/image.png?size=large&v=1#top"
        case .urlList: return ["https://example.com/ref1.jpg"]
        }
    }
}

extension ModelCatalog {
    /// Returns the issues of a job in order; records a test issue if it is malformed or accepted.
    func issues(_ job: JSONObject, at location: SourceLocation = #_sourceLocation) -> [JobIssue] {
        issues(JSONValue.object(job).serialized(), at: location)
    }

    func issues(_ body: [UInt8], at location: SourceLocation = #_sourceLocation) -> [JobIssue] {
        do throws(JobValidationError) {
            let job = try validate(body)
            Issue.record("was accepted: \(job)", sourceLocation: location)
            return []
        } catch {
            switch error {
            case .invalid(let issues): return issues
            case .unknownModel(let issue), .modelRetired(let issue): return [issue]
            case .malformed(let issue):
                Issue.record("is malformed: \(issue)", sourceLocation: location)
                return []
            }
        }
    }
}
