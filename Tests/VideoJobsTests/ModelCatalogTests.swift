import JSONText
import Testing
import VideoJobs
import YAMLText

@Suite struct ModelCatalogTests {
    // MARK: The shipped catalog

    @Test func `the shipped catalog lists all eleven models in order`() {
        let models = ShippedCatalog.catalog.models
        #expect(
            models.map(\.id) == [
                "veo-3.1-reference-to-video", "veo-3.1-fast-reference-to-video",
                "veo-3.1-text-to-video", "veo-3.1-fast-text-to-video", "veo-3.1-lite-text-to-video",
                "veo-3.1-image-to-video", "veo-3.1-fast-image-to-video", "veo-3.1-lite-image-to-video",
                "veo-3.1-first-last-frame-to-video", "veo-3.1-fast-first-last-frame-to-video",
                "veo-3.1-lite-first-last-frame-to-video",
            ])
        for model in models {
            #expect(model.id.hasSuffix(model.mode))
            #expect(model.title != nil && model.description != nil)
            #expect(model.providerID == nil && model.pricesEveryJob && !model.pricesConfirmed)
            #expect(model.parameters.allSatisfy { $0.description != nil })
        }
    }

    @Test func `the variants differ as the provider documents`() throws {
        for model in ShippedCatalog.catalog.models {
            let has = { (name: String) in model.parameter(name) != nil }
            let isReference = model.mode == "reference-to-video"
            let isStandard = !model.id.contains("fast") && !model.id.contains("lite")
            for name in ["enhance_prompt", "person_generation"] {
                #expect(has(name) == isStandard, "\(name)")
            }
            #expect(has("reference_type") == (isStandard && isReference))
            #expect(has("safety_tolerance") == !model.id.contains("lite"))
            for name in ["seed", "negative_prompt"] { #expect(has(name) == !isReference) }
            let duration = try #require(model.parameter("duration"))
            #expect(duration.allowed == (isReference ? [8] : [4, 6, 8]))
            #expect(duration.providerDefault == 8)
            let resolution = try #require(model.parameter("resolution"))
            #expect(resolution.allowed?.contains("4k") == !model.id.contains("lite"))
            #expect(resolution.providerDefault == (isReference ? "1080p" : nil))
            #expect(model.conditionalRules.count == (model.id.contains("lite") ? 1 : 0))
            let nullable = model.parameters.filter(\.isNullable).map(\.name)
            let optional = [
                "auto_fix", "safety_tolerance", "enhance_prompt", "person_generation", "reference_type",
            ]
            #expect(nullable == optional.filter(has))
        }
    }

    @Test func `a model is found by its exact id`() {
        let catalog = ShippedCatalog.catalog
        #expect(catalog.model("veo-3.1-text-to-video")?.mode == "text-to-video")
        #expect(catalog.model("VEO-3.1-text-to-video") == nil)
        #expect(catalog.model("") == nil)
    }

    // MARK: Decoding

    private func issues(_ yaml: String) throws -> [CatalogIssue] {
        let value = try YAMLDocument(parsing: yaml).value
        do throws(CatalogError) {
            let catalog = try ModelCatalog(decoding: value)
            Issue.record("was accepted: \(catalog)")
            return []
        } catch {
            return error.issues
        }
    }

    private func issueLines(_ yaml: String) throws -> String {
        try issues(yaml).map { [$0.pointer, $0.message, $0.hint ?? ""].joined(separator: " | ") }
            .joined(separator: "\n")
    }

    @Test func `prices are integral millionths of a dollar`() throws {
        let yaml = """
            models:
              - id: a
                mode: text
                parameters: []
                prices:
                  - {usd: "0.40", per: second, resolution: 720p, audio: true}
                  - {usd: "3", per: video}
                  - {usd: "0.000001", per: video, audio: false}
            """
        let catalog = try ModelCatalog(decoding: YAMLDocument(parsing: yaml).value)
        #expect(
            catalog.models[0].prices == [
                ModelPrice(resolution: "720p", audio: true, microDollars: 400_000, unit: .second),
                ModelPrice(microDollars: 3_000_000, unit: .video),
                ModelPrice(audio: false, microDollars: 1, unit: .video),
            ])
    }

    @Test(arguments: ["-1", "1.", ".5", "0.0000001", "1e3", "$3", "1,50", " 1", "9223372036855", "٣"])
    func `an invalid amount is rejected`(_ usd: String) throws {
        let yaml = """
            models: [{id: a, mode: text, parameters: [], prices: [{usd: "\(usd)", per: video}]}]
            """
        let message = "usd must be dollars with at most six decimals, such as \"0.40\""
        #expect(try issues(yaml) == [CatalogIssue(pointer: "/models/0/prices/0/usd", message: message)])
    }

    @Test func `all issues are reported at once, each with its location`() throws {
        let yaml = """
            parameters:
              prompt: {type: strng}
              seed: {type: integer, min: 5, max: 1, max_lenght: 3, max_length: 3}
              mode: {type: string, allowed: [a, 3], default: b}
            modles: []
            models:
              - id: a
                parameters: [promt, mode, {mode: {}}, seed, 5]
                estimated_seconds: 0
                prices: [{usd: 0.4}]
                rules: [{when: {modus: a}, then: {}}]
              - {id: a, mode: text, parameters: [{extra: {type: boolean, allowed: [true]}}]}
            """
        let found = try issueLines(yaml).split(separator: "\n").map { String($0) }
        for (one, other) in zip(found, Self.many) { #expect(one == other) }
        #expect(found.count == Self.many.count)
    }

    static let many = [
        "/modles | unknown key modles | did you mean models?",
        "/parameters/prompt/type | type must be string, integer, boolean, url or url_list | "
            + "did you mean string?",
        "/parameters/seed/max_lenght | unknown key max_lenght | did you mean max_length?",
        "/parameters/seed/max_length | max_length is only for type string, url or url_list | ",
        "/parameters/seed/max | max is less than min | ",
        "/parameters/mode/allowed | allowed: mode must be a string, not an integer | "
            + "write it in double quotes",
        "/parameters/mode/default | default: mode must be a or 3 | ",
        "/models/0 | mode is missing | ",
        "/models/0/estimated_seconds | estimated_seconds must be an integer from 1 to 86400 | ",
        "/models/0/prices/0 | per is missing | ",
        "/models/0/prices/0/usd | usd must be a non-empty string (put numbers in quotes) | ",
        "/models/0/parameters/0 | unknown parameter promt | did you mean prompt?",
        "/models/0/parameters/4 | expected a parameter name, or a mapping of one name to its overrides | ",
        "/models/0/rules/0/when/modus | this model has no parameter modus | ",
        "/models/0/rules/0/then | then must be a mapping of parameters to values | ",
        "/models/1/parameters/0/extra/allowed | allowed is only for type string or integer | ",
    ]

    static let single: [(String, String)] = [
        ("[]", " | expected a mapping, not an array | "), ("{}", " | models is missing | "),
        ("models: []", "/models | the catalog lists no models | "),
        ("models: 5", "/models | models must be a list | "),
        (
            "models: [{id: a, mode: b, parameters: []}, {id: a, mode: b, parameters: []}]",
            "/models/1/id | duplicate model a | "
        ),
        (
            "{parameters: {p: {type: string}}, "
                + "models: [{id: a, mode: b, parameters: [p, p: {required: true}]}]}",
            "/models/0/parameters/1 | p is listed twice | "
        ),
        (
            "{parameters: {model: {type: string}}, models: [{id: a, mode: b, parameters: []}]}",
            "/parameters/model | model cannot be a parameter: every job has it | "
        ),
        (
            "{parameters: {p: {type: string}}, models: [{id: a, mode: b, parameters: [p: {max_length: 0}]}]}",
            "/models/0/parameters/0/p/max_length | max_length must be an integer from 1 to 1000000 | "
        ),
        (
            "{parameters: {p: {type: integer, allowed: []}}, models: [{id: a, mode: b, parameters: [p]}]}",
            "/parameters/p/allowed | allowed must list at least one value | "
        ),
        (
            "{parameters: {p: {type: integer, allowed: [1, 2]}}, models: [{id: a, mode: b, parameters: [p], "
                + "rules: [{when: {p: 3}, then: {p: [1]}}]}]}",
            "/models/0/rules/0/when/p | p must be 1 or 2 | "
        ),
    ]

    @Test(arguments: single)
    func `an issue of the catalog has a message and a location`(_ yaml: String, _ expected: String) throws {
        #expect(try issueLines(yaml) == expected)
    }

    @Test func `an issue's pointer leads to its line`() throws {
        let document = try YAMLDocument(parsing: "models:\n  - id: a\n    mode: b\n    parameter: []\n")
        let error = #expect(throws: CatalogError.self) { try ModelCatalog(decoding: document.value) }
        #expect(error?.issues.map { document.line(of: $0.pointer) } == [4, 2])
    }

    @Test func `a half-open range is described by its one bound`() throws {
        let yaml = """
            parameters: {low: {type: integer, min: 3}, high: {type: integer, max: 9}}
            models: [{id: a, mode: text, parameters: [low, high]}]
            """
        let catalog = try ModelCatalog(decoding: YAMLDocument(parsing: yaml).value)
        let issues = catalog.issues(["model": "a", "low": 2, "high": 10])
        #expect(issues.map(\.message) == ["low must be at least 3, not 2", "high must be at most 9, not 10"])
        #expect(issues.map(\.allowed) == [nil, nil])
    }
}
