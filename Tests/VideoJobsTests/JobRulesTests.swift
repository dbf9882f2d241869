import JSONText
import Testing
import VideoJobs

@Suite struct JobRulesTests {
    let catalog = ShippedCatalog.catalog
    static let standard = "veo-3.1-reference-to-video"
    static let fast = "veo-3.1-fast-reference-to-video"
    static let ids = ShippedCatalog.catalog.models.map { JSONValue.string($0.id) }

    /// A good job with some members set otherwise.
    private func job(_ changes: JSONObject, of model: String = standard) -> JSONObject {
        var job: JSONObject = [
            "model": .string(model), "prompt": "A garden",
            "reference_image_urls": ["https://example.com/ref1.jpg"],
        ]
        for member in changes.members { job[member.name] = member.value }
        return job
    }

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
            try catalog.validate(body) == VideoJob(model: Self.standard, payload: body, estimatedSeconds: 45))
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
            let rejection = #expect(throws: JobRejection.self) { try catalog.validate(Array(text.utf8)) }
            guard case .malformed(let fault) = rejection else {
                Issue.record("\(text): \(rejection.debugDescription)")
                continue
            }
            #expect([fault.line, fault.column] == [line, column], "\(fault)")
        }
    }

    @Test func `the limits of the caller hold`() {
        let body = JSONValue.object(job([:])).serialized()
        #expect(throws: JobRejection.self) { try catalog.validate(body, limits: JSONLimits(bytes: 20)) }
        #expect(throws: JobRejection.self) { try catalog.validate(body, limits: JSONLimits(depth: 1)) }
    }

    @Test(arguments: [
        ("[]", "an array"), ("\"x\"", "a string"), ("8", "an integer"), ("null", "null"),
        ("1.5", "a decimal number"),
        ("true", "a boolean"),
    ]) func `a body that is no object is one fault at the root`(_ text: String, _ kind: String) {
        let fault = JobFault(
            pointer: "", code: "wrong_type", message: "a job must be a JSON object, not \(kind)")
        #expect(catalog.faults(Array(text.utf8)) == [fault])
    }

    // MARK: The model

    @Test func `an unknown model is the only fault, with the nearest one`() {
        let hints: [(String, String?)] = [
            ("veo-3.1-refrence-to-video", Self.standard), ("veo3.1-reference-to-video", Self.standard),
            ("VEO-3.1-Fast-Reference-To-Video", Self.fast),
            ("veo_3_1_text_to_video", "veo-3.1-text-to-video"),
            ("sora", nil), ("", nil), (String(repeating: "x", count: 10_000), nil),
        ]
        for (id, meant) in hints {
            let name = id.count > 64 ? id.prefix(64) + "…" : id
            let fault = JobFault(
                pointer: "/model", code: "not_allowed", message: "there is no model \(name)",
                allowed: Self.ids, hint: meant.map { "did you mean \($0)?" })
            #expect(throws: JobRejection.unknownModel(fault)) {
                try catalog.validate(JSONValue.object(["model": .string(id), "nonsense": 1]).serialized())
            }
        }
    }

    @Test func `a missing model is said, and what was written instead`() {
        var fault = JobFault(
            pointer: "/model", code: "required", message: "model is missing", allowed: Self.ids)
        #expect(catalog.faults(["prompt": "x"]) == [fault])
        fault.hint = "Model is no field; did you mean model?"
        #expect(catalog.faults(["prompt": "x", "Model": "y"]) == [fault])
    }

    @Test func `a model that is no string is the only fault`() {
        let fault = JobFault(
            pointer: "/model", code: "wrong_type", message: "model must be a string, not null",
            allowed: Self.ids)
        #expect(catalog.faults(["model": nil, "nonsense": 1]) == [fault])
    }

    // MARK: Members

    @Test func `four faults are all named at once, in the order of the members`() {
        let faults = catalog.faults(
            job(
                [
                    "reference_image_urls": .array((1...4).map { .string("https://example.com/\($0).jpg") }),
                    "duration": 4, "enhance_prompt": true, "safety_tolerance": 7,
                ], of: Self.fast))
        #expect(
            faults == [
                JobFault(
                    pointer: "/reference_image_urls", code: "too_many",
                    message: "reference_image_urls must have 1 to 3 elements, not 4"),
                JobFault(
                    pointer: "/duration", code: "not_allowed", message: "duration is fixed at 8", allowed: [8]
                ),
                JobFault(
                    pointer: "/enhance_prompt", code: "not_for_this_variant",
                    message: "enhance_prompt does not exist for veo-3.1-fast-reference-to-video",
                    hint: "veo-3.1-reference-to-video has it"),
                JobFault(
                    pointer: "/safety_tolerance", code: "out_of_range",
                    message: "safety_tolerance must be from 1 to 6, not 7", allowed: [1, 2, 3, 4, 5, 6]),
            ])
    }

    @Test(arguments: [
        "aspect-ratio", "aspectRatio", "AspectRatio", "ASPECT_RATIO", "aspect_ration", "aspcet_ratio",
        "ratio",
    ])
    func `a field that was mistyped says what was meant`(_ name: String) {
        let fault = JobFault(
            pointer: "/\(name)", code: "unknown_field", message: "there is no field \(name)",
            hint: "did you mean aspect_ratio?")
        #expect(catalog.faults(job([name: "16:9"])) == [fault])
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
        let faults = catalog.faults(job([name: 1], of: Self.fast))
        #expect(faults.map(\.pointer) == [JSONPointer.root.appending(name).description])
        #expect(faults.map(\.code) == [code])
        #expect(faults.map(\.hint) == [hint])
    }

    static let values: [(String, JSONValue, String, String, String?)] = [
        (
            "duration", "8", "wrong_type", "duration must be an integer, not a string",
            "write 8 without quotes"
        ),
        ("duration", .real(8), "wrong_type", "duration must be an integer, not a decimal number", "write 8"),
        ("duration", .real(8.5), "wrong_type", "duration must be an integer, not a decimal number", nil),
        ("duration", nil, "wrong_type", "duration must be an integer, not null", "leave it out instead"),
        ("duration", .integer(.min), "not_allowed", "duration is fixed at 8", nil),
        ("resolution", "1080P", "not_allowed", "resolution must be 720p, 1080p or 4k", "did you mean 1080p?"),
        (
            "resolution", "4\u{212A}", "not_allowed", "resolution must be 720p, 1080p or 4k",
            "did you mean 4k?"
        ),
        (
            "resolution", 720, "wrong_type", "resolution must be a string, not an integer",
            "did you mean \"720p\"?"
        ),
        ("resolution", "", "not_allowed", "resolution must be 720p, 1080p or 4k", nil),
        ("aspect_ratio", "1:1", "not_allowed", "aspect_ratio must be 16:9 or 9:16", nil),
        (
            "generate_audio", "True", "wrong_type", "generate_audio must be true or false, not a string",
            "write true without quotes"
        ),
        (
            "generate_audio", 1, "wrong_type", "generate_audio must be true or false, not an integer",
            "write true"
        ),
        (
            "generate_audio", nil, "wrong_type", "generate_audio must be true or false, not null",
            "leave it out instead"
        ),
        ("safety_tolerance", 0, "out_of_range", "safety_tolerance must be from 1 to 6, not 0", nil),
        ("safety_tolerance", true, "wrong_type", "safety_tolerance must be an integer, not a boolean", nil),
        (
            "person_generation", "allow_all", "not_allowed",
            "person_generation must be dont_allow or allow_adult", nil
        ),
        ("prompt", "", "empty", "prompt must not be empty", nil),
        ("prompt", " \n\t\u{3000}", "empty", "prompt must not be only white space", nil),
        ("prompt", nil, "wrong_type", "prompt must be a string, not null", nil),
        ("prompt", ["x"], "wrong_type", "prompt must be a string, not an array", nil),
        ("prompt", 5, "wrong_type", "prompt must be a string, not an integer", "write it in double quotes"),
        ("reference_image_urls", [], "too_few", "reference_image_urls must have 1 to 3 elements, not 0", nil),
        (
            "reference_image_urls", "https://example.com/a.jpg", "wrong_type",
            "reference_image_urls must be an array of URL strings, not a string",
            "write it as an array of one element"
        ),
        (
            "reference_image_urls", [:], "wrong_type",
            "reference_image_urls must be an array of URL strings, not an object", nil
        ),
    ]

    @Test(arguments: values)
    func `a wrong value is one fault with exact words`(
        _ name: String, _ value: JSONValue, _ code: String, _ message: String, _ hint: String?
    ) {
        let faults = catalog.faults(job([name: value]))
        #expect(faults.map(\.pointer) == ["/\(name)"])
        #expect(faults.map(\.code) == [code])
        #expect(faults.map(\.message) == [message])
        #expect(faults.map(\.hint) == [hint])
    }

    @Test func `a prompt may have 2000 characters of any language and not one more`() throws {
        for character in ["a", "中", "😀", "\u{301}"] {
            let longest = String(repeating: character, count: 2000)
            _ = try catalog.validate(
                JSONValue.object(
                    job(["prompt": .string("x" + longest.unicodeScalars.dropLast().map(String.init).joined())]
                    )
                ).serialized())
            let fault = JobFault(
                pointer: "/prompt", code: "too_long",
                message: "prompt has 2001 characters; at most 2000 are accepted")
            #expect(catalog.faults(job(["prompt": .string(longest + "a")])) == [fault])
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

    // MARK: Joint rules

    @Test func `Lite makes 1080p only with 8 seconds`() throws {
        for model in catalog.models where model.id.contains("lite") {
            var job = model.smallestJob
            job["duration"] = 4
            job["resolution"] = "1080p"
            let fault = JobFault(
                pointer: "/duration", code: "not_allowed_together",
                message: "duration must be 8 when resolution is 1080p", allowed: [8])
            #expect(catalog.faults(job) == [fault])
            for (resolution, duration) in [("720p", 4), ("1080p", 8)] as [(String, Int64)] {
                job["resolution"] = .string(resolution)
                job["duration"] = .integer(duration)
                _ = try catalog.validate(JSONValue.object(job).serialized())
            }
            job["duration"] = nil
            _ = try catalog.validate(JSONValue.object(job).serialized())
            job["duration"] = 5
            #expect(catalog.faults(job).map(\.code) == ["not_allowed"], "one fault a member is enough")
            job["resolution"] = "4k"
            #expect(catalog.faults(job).map(\.pointer).sorted() == ["/duration", "/resolution"])
        }
    }

    // MARK: URLs

    @Test(arguments: [
        "https://example.com/ref1.jpg", "http://127.0.0.1:8032/reference/1.png", "HTTPS://EXAMPLE.COM",
        "https://[::1]:8080/x", "https://例え.jp/图.jpg", "https://a.b-c_d/%20?q=a@b&sig=x%2B#f",
        "http://localhost:1/",
    ]) func `a web address passes`(_ url: String) throws {
        _ = try catalog.validate(JSONValue.object(job(["reference_image_urls": [.string(url)]])).serialized())
    }

    static let badURLs: [(String, String)] = [
        ("", "must be a URL that begins with http:// or https://"),
        ("example.com/a.jpg", "must be a URL that begins with http:// or https://"),
        ("ftp://example.com/a.jpg", "must be a URL that begins with http:// or https://"),
        ("file:///etc/passwd", "must be a URL that begins with http:// or https://"),
        ("data:image/png;base64,AAAA", "must be a URL that begins with http:// or https://"),
        ("https:/example.com", "must be a URL that begins with http:// or https://"),
        (" https://example.com/", "must be a URL that begins with http:// or https://"),
        ("https://example.com/a b.jpg", "must not contain spaces"),
        ("https://example.com/\n", "must not contain spaces"),
        ("https://example.com/\u{202E}gpj", "must not contain spaces"),
        ("https://example.com/\u{A0}", "must not contain spaces"),
        ("https://example.com\\@evil.com/", "must not contain a backslash"),
        ("https://user:pass@example.com/a.jpg", "must not contain a user name or password"),
        ("https://", "must name a host"), ("https:///a.jpg", "must name a host"),
        ("https://:80/", "must name a host"),
        ("https://?x", "must name a host"), ("https://[::1/", "must name a host"),
        ("https://[zz]/", "must name a host"),
        ("https://a,b/", "must name a host"), ("https://.../", "must name a host"),
        ("https://example.com:0/", "must have a port"), ("https://example.com:65536/", "must have a port"),
        ("https://example.com:/", "must have a port"), ("https://[::1]x/", "must have a port"),
    ]

    @Test(arguments: badURLs)
    func `what is no web address is a fault of its element`(_ url: String, _ words: String) throws {
        let urls: JSONValue = ["https://example.com/good.jpg", .string(url)]
        let fault = try #require(catalog.faults(job(["reference_image_urls": urls])).first)
        #expect(fault.pointer == "/reference_image_urls/1")
        #expect(fault.code == "not_a_url")
        #expect(fault.message.hasPrefix("this element of reference_image_urls " + words))
        #expect(url.count <= 8 || !fault.message.contains(url), "a URL may be signed")
    }

    @Test func `every element has its own fault`() {
        let faults = catalog.faults(
            job([
                "reference_image_urls": [
                    1, "x", .string("https://e.com/" + String(repeating: "a", count: 2048)),
                ]
            ]))
        #expect(faults.map(\.pointer) == (0...2).map { "/reference_image_urls/\($0)" })
        #expect(faults.map(\.code) == ["wrong_type", "not_a_url", "too_long"])
        let single: JSONObject = ["model": "veo-3.1-image-to-video", "prompt": "x", "image_url": "nowhere"]
        #expect(
            catalog.faults(single) == [
                JobFault(
                    pointer: "/image_url", code: "not_a_url",
                    message: "image_url must be a URL that begins with http:// or https://")
            ])
    }

    @Test func `a thousand faults are not all listed`() {
        var many = job([:])
        for index in 0..<1000 { many["field\(index)"] = 1 }
        #expect(catalog.faults(many).count == ModelCatalog.faultsMax)
    }

    // MARK: Chance

    @Test func `whatever is changed in a job, it is refused or forwarded as it came`() {
        var random = SeededRandom(seed: .random(in: 0 ... .max))
        for entry in catalog.models {
            let body = JSONValue.object(entry.fullestJob).serialized()
            for _ in 0..<300 {
                var changed = body
                for _ in 0..<Int.random(in: 1...3, using: &random) { random.change(&changed) }
                do throws(JobRejection) {
                    let job = try catalog.validate(changed)
                    #expect(job.payload == changed, "seed \(random.seed)")
                } catch {
                    if case .invalid(let faults) = error { #expect(!faults.isEmpty, "seed \(random.seed)") }
                }
            }
        }
    }
}
