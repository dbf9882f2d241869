import ArgumentParser
import JSONText

/// The fields of a job as options. Whether they go together is the gateway's to say.
struct JobOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "What the video shows: any text.")
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
    var duration: WrittenInteger?

    @Option(parsing: .unconditional, help: "720p, 1080p or 4k.")
    var resolution: String?

    @Flag(inversion: .prefixedNo, help: "Whether the video has sound.")
    var generateAudio: Bool?

    @Flag(inversion: .prefixedNo, help: "Whether the provider may mend the prompt.")
    var autoFix: Bool?

    @Option(parsing: .unconditional, help: "From 1, the strictest, to 6.")
    var safetyTolerance: WrittenInteger?

    @Flag(inversion: .prefixedNo, help: "Whether the provider may embellish the prompt.")
    var enhancePrompt: Bool?

    @Option(parsing: .unconditional, help: "dont_allow or allow_adult.")
    var personGeneration: String?

    @Option(parsing: .unconditional, help: "ASSET or STYLE.")
    var referenceType: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Any further field of the model; a value that is no JSON is taken for text.",
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

    /// The job: what was given, and nothing else.
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

/// An integer in any spelling that JSON has for it: `8`, `8.0`, `8e0`.
struct WrittenInteger: ExpressibleByArgument {
    let value: Int64

    init?(argument: String) {
        guard let value = (try? JSONValue(parsing: Array(argument.utf8)))?.integer else { return nil }
        self.value = value
    }
}
