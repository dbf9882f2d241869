import JSONText
import Testing
import TestSupport
import VideoJobs

@Suite struct JobRulesTests {
    let catalog = ShippedCatalog.catalog
    static let ids = ShippedCatalog.catalog.models.map { JSONValue.string($0.id) }

    // MARK: Valid jobs

    @Test func `the example of the provider's page passes and is forwarded byte for byte`() throws {
        let body = Array(
            """
            {
              "model": "veo-3.1-reference-to-video",
              "prompt": "A woman walking through a garden",
              "reference_image_urls": ["https://example.com/ref1.jpg"],
              "aspect_ratio": "16:9", "duration": 8, "resolution": "720p", "generate_audio": true,
              "auto_fix": true, "safety_tolerance": 3, "enhance_prompt": true,
              "person_generation": "allow_adult", "reference_type": "STYLE"
            }

            """.utf8)
        #expect(
            try catalog.validate(body)
                == VideoJob(
                    model: ShippedCatalog.standard, payload: body, estimatedSeconds: 45, price: 2_560_000,
                    promptBeginning: PromptBeginning(of: "A woman walking through a garden"),
                    resolution: "720p"))
    }

    @Test(arguments: ShippedCatalog.catalog.models)
    func `the smallest and the fullest job of every model pass unchanged`(_ entry: ModelEntry) throws {
        for job in [entry.smallestJob, entry.fullestJob] {
            let body = JSONValue.object(job).serialized()
            #expect(try catalog.validate(body).payload == body)
        }
    }

    @Test(arguments: ShippedCatalog.catalog.models)
    func `every listed value of every parameter passes, and null where it is allowed`(_ entry: ModelEntry) {
        for parameter in entry.parameters {
            for value in (parameter.listedValues ?? []) + (parameter.isNullable ? [.null] : []) {
                // Conditional rules have their own tests.
                var job = entry.smallestJob
                job[parameter.name] = value
                #expect(throws: Never.self, "\(parameter.name) \(value)") {
                    try catalog.validate(JSONValue.object(job).serialized())
                }
            }
        }
    }

    @Test func `only the model ID is replaced when the provider uses another one`() throws {
        let catalog = try ModelCatalog(decoding: [
            "parameters": ["prompt": ["type": "string", "required": true]],
            "models": [
                [
                    "id": "gateway-id", "provider_id": "google/provider-id", "mode": "text",
                    "parameters": ["prompt"],
                ]
            ],
        ])
        let job = try catalog.validate(Array(#"{ "prompt" : "\u0041/\"é" , "model":"gateway-id" }"#.utf8))
        #expect(job.model == "gateway-id")
        #expect(
            String(decoding: job.payload, as: UTF8.self)
                == #"{"prompt":"A/\"é","model":"google/provider-id"}"#)
        let issue = catalog.issues(["model": "google/provider-id", "prompt": "x"])
        #expect(issue.map(\.hint) == ["did you mean gateway-id?"])
    }

    // MARK: The body

    @Test func `a body that is not strict JSON is malformed, with line and column`() {
        let cases: [(String, Int, Int)] = [
            ("{\"model\":\"x\",\n \"model\":\"y\"}", 2, 2), ("{} x", 1, 4), ("", 1, 1),
            ("{\"duration\":08}", 1, 13),
        ]
        for (text, line, column) in cases {
            let rejection = #expect(throws: JobValidationError.self) {
                try catalog.validate(Array(text.utf8))
            }
            guard case .malformed(let issue) = rejection else {
                Issue.record("\(text): \(rejection.debugDescription)")
                continue
            }
            #expect([issue.line, issue.column] == [line, column], "\(issue)")
        }
    }

    @Test func `the caller's limits apply`() {
        let body = JSONValue.object(ShippedCatalog.job([:])).serialized()
        #expect(throws: JobValidationError.self) { try catalog.validate(body, limits: JSONLimits(bytes: 20)) }
        #expect(throws: JobValidationError.self) { try catalog.validate(body, limits: JSONLimits(depth: 1)) }
    }

    @Test(arguments: [
        ("[]", "an array"), ("\"x\"", "a string"), ("8", "an integer"), ("null", "null"),
        ("1.5", "a decimal number"),
        ("true", "a boolean"),
    ]) func `a body that is not an object is one issue at the root`(_ text: String, _ kind: String) {
        let issue = JobIssue(
            pointer: "", code: "wrong_type", message: "a job must be a JSON object, not \(kind)")
        #expect(catalog.issues(Array(text.utf8)) == [issue])
    }

    // MARK: The model

    @Test func `an unknown model is the only issue and suggests the nearest one`() {
        let suggestions: [(String, String?)] = [
            ("veo-3.1-refrence-to-video", ShippedCatalog.standard),
            ("veo3.1-reference-to-video", ShippedCatalog.standard),
            ("VEO-3.1-Fast-Reference-To-Video", ShippedCatalog.fast),
            ("veo_3_1_text_to_video", "veo-3.1-text-to-video"),
            ("sora", nil), ("", nil), (String(repeating: "x", count: 10_000), nil),
        ]
        for (id, suggestion) in suggestions {
            let name = id.count > 64 ? id.prefix(64) + "…" : id
            let issue = JobIssue(
                pointer: "/model", code: "not_allowed", message: "there is no model \(name)",
                allowed: Self.ids, hint: suggestion.map { "did you mean \($0)?" })
            #expect(throws: JobValidationError.unknownModel(issue)) {
                try catalog.validate(JSONValue.object(["model": .string(id), "nonsense": 1]).serialized())
            }
        }
    }

    @Test func `a missing model is reported with the misspelled member`() {
        var issue = JobIssue(
            pointer: "/model", code: "required", message: "model is missing", allowed: Self.ids)
        #expect(catalog.issues(["prompt": "x"]) == [issue])
        issue.hint = "Model is not a field; did you mean model?"
        #expect(catalog.issues(["prompt": "x", "Model": "y"]) == [issue])
    }

    @Test func `a model that is not a string is the only issue`() {
        let issue = JobIssue(
            pointer: "/model", code: "wrong_type", message: "model must be a string, not null",
            allowed: Self.ids)
        #expect(catalog.issues(["model": nil, "nonsense": 1]) == [issue])
    }

    // MARK: Members

    @Test func `four issues are reported at once, in the order of the members`() {
        let issues = catalog.issues(
            ShippedCatalog.job(
                [
                    "reference_image_urls": .array((1...4).map { .string("https://example.com/\($0).jpg") }),
                    "duration": 4, "enhance_prompt": true, "safety_tolerance": 7,
                ], of: ShippedCatalog.fast))
        #expect(
            issues == [
                JobIssue(
                    pointer: "/reference_image_urls", code: "too_many",
                    message: "reference_image_urls must have 1 to 3 elements, not 4"),
                JobIssue(
                    pointer: "/duration", code: "not_allowed", message: "duration is fixed at 8", allowed: [8]
                ),
                JobIssue(
                    pointer: "/enhance_prompt", code: "not_for_this_variant",
                    message: "enhance_prompt does not exist for veo-3.1-fast-reference-to-video",
                    hint: "veo-3.1-reference-to-video has it"),
                JobIssue(
                    pointer: "/safety_tolerance", code: "out_of_range",
                    message: "safety_tolerance must be from 1 to 6, not 7", allowed: [1, 2, 3, 4, 5, 6]),
            ])
    }

    @Test(arguments: [
        "aspect-ratio", "aspectRatio", "AspectRatio", "ASPECT_RATIO", "aspect_ration", "aspcet_ratio",
        "ratio",
    ])
    func `a misspelled field suggests the right one`(_ name: String) {
        let issue = JobIssue(
            pointer: "/\(name)", code: "unknown_field", message: "there is no field \(name)",
            hint: "did you mean aspect_ratio?")
        #expect(catalog.issues(ShippedCatalog.job([name: "16:9"])) == [issue])
    }

    static let unknownFields: [(String, String, String?)] = [
        ("callback", "unknown_field", nil), ("n", "unknown_field", nil), ("", "unknown_field", nil),
        ("images", "unknown_field", nil),
        ("image_urls", "unknown_field", "did you mean reference_image_urls?"),
        ("audio", "unknown_field", "did you mean generate_audio?"),
        ("modle", "unknown_field", "did you mean model?"),
        ("enhance-prompt", "unknown_field", "did you mean enhance_prompt? veo-3.1-reference-to-video has it"),
        ("reference_type", "not_for_this_variant", "veo-3.1-reference-to-video has it"),
        (
            "image_url", "not_for_this_variant",
            "veo-3.1-image-to-video, veo-3.1-fast-image-to-video and veo-3.1-lite-image-to-video have it"
        ),
        (
            "seed", "not_for_this_variant",
            "veo-3.1-text-to-video, veo-3.1-fast-text-to-video and 7 other models have it"
        ),
    ]

    @Test(arguments: unknownFields)
    func `a field of other models names them`(_ name: String, _ code: String, _ hint: String?) {
        let issues = catalog.issues(ShippedCatalog.job([name: 1], of: ShippedCatalog.fast))
        #expect(issues.map(\.pointer) == [JSONPointer.root.appending(name).description])
        #expect(issues.map(\.code) == [code])
        #expect(issues.map(\.hint) == [hint])
    }

    @Test func `a prompt may have 2000 characters of any language and not one more`() throws {
        for character in ["a", "中", "😀", "\u{301}"] {
            let longest = "x" + String(repeating: character, count: 1999)
            let job = JSONValue.object(ShippedCatalog.job(["prompt": .string(longest)]))
            _ = try catalog.validate(job.serialized())
            let issue = JobIssue(
                pointer: "/prompt", code: "too_long",
                message: "prompt has 2001 characters; at most 2000 are accepted")
            #expect(catalog.issues(ShippedCatalog.job(["prompt": .string(longest + "a")])) == [issue])
        }
    }

    @Test(arguments: ShippedCatalog.catalog.models)
    func `every missing required parameter is reported last`(_ entry: ModelEntry) {
        let issues = catalog.issues(["model": .string(entry.id), "duration": 5])
        let names = entry.parameters.filter(\.isRequired).map(\.name)
        #expect(issues.map(\.pointer) == (["duration"] + names).map { "/\($0)" })
        #expect(issues.dropFirst().allSatisfy { $0.code == "required" })
        #expect(issues.dropFirst().map(\.message) == names.map { "\($0) is missing" })
    }

    @Test func `the number of listed issues is bounded`() {
        var many = ShippedCatalog.job([:])
        for index in 0..<1000 { many["field\(index)"] = 1 }
        #expect(catalog.issues(many).count == ModelCatalog.issuesMax)
    }

    // MARK: Random changes

    @Test func `a randomly changed job is rejected or forwarded unchanged`() {
        var random = SeededRandom(seed: .random(in: 0 ... .max))
        for entry in catalog.models {
            let body = JSONValue.object(entry.fullestJob).serialized()
            for _ in 0..<300 {
                var changed = body
                for _ in 0..<Int.random(in: 1...3, using: &random) { random.change(&changed) }
                do throws(JobValidationError) {
                    let job = try catalog.validate(changed)
                    #expect(job.payload == changed, "seed \(random.seed)")
                } catch {
                    if case .invalid(let issues) = error { #expect(!issues.isEmpty, "seed \(random.seed)") }
                }
            }
        }
    }
}
