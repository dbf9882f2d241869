import ArgumentParser
import JSONText

/// The fields of a job as options. The gateway validates their combination.
struct JobOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "The prompt.")
    var prompt: String

    @Option(
        name: .customLong("reference"), parsing: .upToNextOption,
        help: ArgumentHelp("Reference images, one to three.", valueName: "url"))
    var references: [String] = []

    @Option(parsing: .unconditional, help: ArgumentHelp("The model.", valueName: "id"))
    var model = "veo-3.1-reference-to-video"

    @Option(parsing: .unconditional, help: "16:9 or 9:16.")
    var aspectRatio: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("The length in seconds.", valueName: "seconds"))
    var duration: JSONInteger?

    @Option(parsing: .unconditional, help: "720p, 1080p or 4k.")
    var resolution: String?

    @Flag(inversion: .prefixedNo, help: "Generate audio.")
    var generateAudio: Bool?

    @Flag(inversion: .prefixedNo, help: "Let the provider correct a prompt that violates its policy.")
    var autoFix: Bool?

    @Option(parsing: .unconditional, help: "1 (strictest) to 6.")
    var safetyTolerance: JSONInteger?

    @Flag(inversion: .prefixedNo, help: "Let the provider enhance the prompt.")
    var enhancePrompt: Bool?

    @Option(parsing: .unconditional, help: "dont_allow or allow_adult.")
    var personGeneration: String?

    @Option(parsing: .unconditional, help: "ASSET or STYLE.")
    var referenceType: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Another field of the model; a value that is not JSON is sent as text.",
            discussion: "For example --field seed=42 --field image_url=https://example.com/1.jpg",
            valueName: "name=value"))
    var field: [String] = []

    func validate() throws {
        for text in field {
            guard let equals = text.firstIndex(of: "="), equals > text.startIndex else {
                throw ValidationError("--field \(text.prefix(40)): not name=value")
            }
        }
    }

    /// Returns the job with exactly the given fields.
    func json() throws -> JSONValue {
        var job: JSONObject = ["model": .string(model), "prompt": .string(prompt)]
        if !references.isEmpty { job["reference_image_urls"] = .array(references.map(JSONValue.string)) }
        job["aspect_ratio"] = aspectRatio.map(JSONValue.string)
        job["duration"] = duration.map { .integer($0.value) }
        job["resolution"] = resolution.map(JSONValue.string)
        job["generate_audio"] = generateAudio.map(JSONValue.bool)
        job["auto_fix"] = autoFix.map(JSONValue.bool)
        job["safety_tolerance"] = safetyTolerance.map { .integer($0.value) }
        job["enhance_prompt"] = enhancePrompt.map(JSONValue.bool)
        job["person_generation"] = personGeneration.map(JSONValue.string)
        job["reference_type"] = referenceType.map(JSONValue.string)
        for text in field {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = String(parts[1])
            job[String(parts[0])] = (try? JSONValue(parsing: Array(value.utf8))) ?? .string(value)
        }
        return .object(job)
    }
}
