import JSONText
import Testing
import TestSupport
import VideoJobs

@Suite struct JobRulesTests {
    let catalog = ShippedCatalog.catalog
    static let ids = ShippedCatalog.catalog.models.map { JSONValue.string($0.id) }

    // MARK: What passes

    @Test func `the example of the commissioned page passes and is forwarded byte for byte`() throws {
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
                == VideoJob(model: ShippedCatalog.standard, payload: body, estimatedSeconds: 45))
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
                // Joint rules are tested by themselves.
                var job = entry.smallestJob
                job[parameter.name] = value
                #expect(throws: Never.self, "\(parameter.name) \(value)") {
                    try catalog.validate(JSONValue.object(job).serialized())
                }
            }
        }
    }

    @Test func `only the model's value is exchanged when the provider has another id`() throws {
        let catalog = try ModelCatalog(decoding: [
            "parameters": ["prompt": ["type": "string", "required": true]],
            "models": [
                ["id": "ours", "provider_id": "google/theirs", "mode": "text", "parameters": ["prompt"]]
            ],
        ])
        let job = try catalog.validate(Array(#"{ "prompt" : "\u0041/\"é" , "model":"ours" }"#.utf8))
        #expect(job.model == "ours")
        #expect(
            String(decoding: job.payload, as: UTF8.self) == #"{"prompt":"A/\"é","model":"google/theirs"}"#)
        let fault = catalog.faults(["model": "google/theirs", "prompt": "x"])
        #expect(fault.map(\.hint) == ["did you mean ours?"])
    }

    // MARK: The whole body

    @Test func `a body that is not strict JSON is malformed, with line and column`() {
        let cases: [(String, Int, Int)] = [
            ("{\"model\":\"x\",\n \"model\":\"y\"}", 2, 2), ("{} x", 1, 4), ("", 1, 1),
            ("{\"duration\":08}", 1, 13),
        ]
        for (text, line, column) in cases {
            let rejection = #expect(throws: JobValidationError.self) {
                try catalog.validate(Array(text.utf8))
            }
            guard case .malformed(let fault) = rejection else {
                Issue.record("\(text): \(rejection.debugDescription)")
                continue
            }
            #expect([fault.line, fault.column] == [line, column], "\(fault)")
        }
    }

    @Test func `the limits of the caller hold`() {
        let body = JSONValue.object(ShippedCatalog.job([:])).serialized()
        #expect(throws: JobValidationError.self) { try catalog.validate(body, limits: JSONLimits(bytes: 20)) }
        #expect(throws: JobValidationError.self) { try catalog.validate(body, limits: JSONLimits(depth: 1)) }
    }

    @Test(arguments: [
        ("[]", "an array"), ("\"x\"", "a string"), ("8", "an integer"), ("null", "null"),
        ("1.5", "a decimal number"),
        ("true", "a boolean"),
    ]) func `a body that is no object is one fault at the root`(_ text: String, _ kind: String) {
        let fault = JobIssue(
            pointer: "", code: "wrong_type", message: "a job must be a JSON object, not \(kind)")
        #expect(catalog.faults(Array(text.utf8)) == [fault])
    }

    // MARK: The model

    @Test func `an unknown model is the only fault, with the nearest one`() {
        let hints: [(String, String?)] = [
            ("veo-3.1-refrence-to-video", ShippedCatalog.standard),
            ("veo3.1-reference-to-video", ShippedCatalog.standard),
            ("VEO-3.1-Fast-Reference-To-Video", ShippedCatalog.fast),
            ("veo_3_1_text_to_video", "veo-3.1-text-to-video"),
            ("sora", nil), ("", nil), (String(repeating: "x", count: 10_000), nil),
        ]
        for (id, meant) in hints {
            let name = id.count > 64 ? id.prefix(64) + "…" : id
            let fault = JobIssue(
                pointer: "/model", code: "not_allowed", message: "there is no model \(name)",
                allowed: Self.ids, hint: meant.map { "did you mean \($0)?" })
            #expect(throws: JobValidationError.unknownModel(fault)) {
                try catalog.validate(JSONValue.object(["model": .string(id), "nonsense": 1]).serialized())
            }
        }
    }

    @Test func `a missing model is said, and what was written instead`() {
        var fault = JobIssue(
            pointer: "/model", code: "required", message: "model is missing", allowed: Self.ids)
        #expect(catalog.faults(["prompt": "x"]) == [fault])
        fault.hint = "Model is no field; did you mean model?"
        #expect(catalog.faults(["prompt": "x", "Model": "y"]) == [fault])
    }

    @Test func `a model that is no string is the only fault`() {
        let fault = JobIssue(
            pointer: "/model", code: "wrong_type", message: "model must be a string, not null",
            allowed: Self.ids)
        #expect(catalog.faults(["model": nil, "nonsense": 1]) == [fault])
    }

    // MARK: Members

    @Test func `four faults are all named at once, in the order of the members`() {
        let faults = catalog.faults(
            ShippedCatalog.job(
                [
                    "reference_image_urls": .array((1...4).map { .string("https://example.com/\($0).jpg") }),
                    "duration": 4, "enhance_prompt": true, "safety_tolerance": 7,
                ], of: ShippedCatalog.fast))
        #expect(
            faults == [
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
    func `a field that was mistyped says what was meant`(_ name: String) {
        let fault = JobIssue(
            pointer: "/\(name)", code: "unknown_field", message: "there is no field \(name)",
            hint: "did you mean aspect_ratio?")
        #expect(catalog.faults(ShippedCatalog.job([name: "16:9"])) == [fault])
    }

    static let strangers: [(String, String, String?)] = [
        ("callback_url", "unknown_field", nil), ("n", "unknown_field", nil), ("", "unknown_field", nil),
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

    @Test(arguments: strangers)
    func `a field that the model lacks says who has it`(_ name: String, _ code: String, _ hint: String?) {
        let faults = catalog.faults(ShippedCatalog.job([name: 1], of: ShippedCatalog.fast))
        #expect(faults.map(\.pointer) == [JSONPointer.root.appending(name).description])
        #expect(faults.map(\.code) == [code])
        #expect(faults.map(\.hint) == [hint])
    }

    @Test func `a prompt may have 2000 characters of any language and not one more`() throws {
        for character in ["a", "中", "😀", "\u{301}"] {
            let longest = "x" + String(repeating: character, count: 1999)
            let job = JSONValue.object(ShippedCatalog.job(["prompt": .string(longest)]))
            _ = try catalog.validate(job.serialized())
            let fault = JobIssue(
                pointer: "/prompt", code: "too_long",
                message: "prompt has 2001 characters; at most 2000 are accepted")
            #expect(catalog.faults(ShippedCatalog.job(["prompt": .string(longest + "a")])) == [fault])
        }
    }

    @Test(arguments: ShippedCatalog.catalog.models)
    func `every required parameter is missed, at the end`(_ entry: ModelEntry) {
        let faults = catalog.faults(["model": .string(entry.id), "duration": 5])
        let names = entry.parameters.filter(\.isRequired).map(\.name)
        #expect(faults.map(\.pointer) == (["duration"] + names).map { "/\($0)" })
        #expect(faults.dropFirst().allSatisfy { $0.code == "required" })
        #expect(faults.dropFirst().map(\.message) == names.map { "\($0) is missing" })
    }

    @Test func `a thousand faults are not all listed`() {
        var many = ShippedCatalog.job([:])
        for index in 0..<1000 { many["field\(index)"] = 1 }
        #expect(catalog.faults(many).count == ModelCatalog.issuesMax)
    }

    // MARK: Chance

    @Test func `whatever is changed in a job, it is refused or forwarded as it came`() {
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
                    if case .invalid(let faults) = error { #expect(!faults.isEmpty, "seed \(random.seed)") }
                }
            }
        }
    }
}
