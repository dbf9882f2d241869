import JSONText
import Testing
import YAMLText

@testable import VideoJobs

/// The lifecycle of models: how the catalog states it, and what it means for jobs.
@Suite struct ModelLifecycleTests {
    /// A catalog of models `a`, `b` and `c` with these lifecycles.
    private static func yaml(_ lifecycles: [String?], onMissing: String? = nil) -> String {
        let models = zip(["first", "second", "third"], lifecycles).map { id, lifecycle in
            let stage = (lifecycle.map { ", lifecycle: \($0)" } ?? "")
            let missing = onMissing.map { ", on_missing: \($0)" } ?? ""
            let prompt = "{prompt: {type: string, required: true}}"
            return "  - {id: \(id), mode: text, parameters: [\(prompt)]\(stage)\(missing)}\n"
        }
        return "models:\n" + models.joined()
    }

    private static func catalog(_ lifecycles: String?..., onMissing: String? = nil) throws -> ModelCatalog {
        let text = Array(yaml(lifecycles, onMissing: onMissing).utf8)
        return try ModelCatalog(decoding: try YAMLDocument(parsing: text).value)
    }

    private static func job(_ model: String, _ more: String = "") -> [UInt8] {
        Array(#"{"model":"\#(model)","prompt":"a garden"\#(more)}"#.utf8)
    }

    // MARK: The catalog

    @Test func `a model without a lifecycle is active`() throws {
        let catalog = try Self.catalog(nil, "{}", "{status: active, since: 2026-01-01}")
        #expect(catalog.models.map(\.lifecycle.status) == [.active, .active, .active])
        #expect(catalog.models[0].lifecycle == ModelLifecycle() && catalog.models[0].onMissing == .warn)
        #expect(catalog.models[2].lifecycle.since == UTCDate(year: 2026, month: 1, day: 1))
    }

    static let issues: [([String?], String)] = [
        (
            ["{status: depreciated}"],
            "status must be active, deprecated or retired | did you mean deprecated?"
        ),
        (["{statis: retired}"], "unknown key statis | did you mean status?"),
        (["deprecated"], "expected a mapping, not a string | "),
        (["{status: deprecated, since: 2026-02-30}"], "since must be a date, such as 2026-11-30 | "),
        (["{status: deprecated, until: tomorrow}"], "until must be a date, such as 2026-11-30 | "),
        (["{status: deprecated, since: 20261130}"], "since must be a date, such as 2026-11-30 | "),
        (["{status: deprecated, since: 2026-11-30, until: 2026-11-29}"], "until is before since | "),
        (
            ["{status: retired, successor: secnd}", nil],
            "the catalog has no model secnd | did you mean second?"
        ),
        (
            ["{status: retired, successor: gemini-omni}"],
            "the catalog has no model gemini-omni | add the successor to the catalog first"
        ),
        (["{status: retired, successor: first}"], "a model cannot be its own successor | "),
        (
            ["{status: retired, successor: second}", "{status: retired, successor: third}", nil],
            "the successor second is retired | its own successor is third"
        ),
        (
            ["{status: retired, successor: second}", "{status: retired}"],
            "the successor second is retired | "
        ),
    ]

    @Test(arguments: issues)
    func `a lifecycle that cannot be right is an issue`(_ lifecycles: [String?], _ expected: String) throws {
        let text = Array(Self.yaml(lifecycles).utf8)
        let document = try YAMLDocument(parsing: text)
        let error = #expect(throws: CatalogError.self) { try ModelCatalog(decoding: document.value) }
        let issues = error?.issues ?? []
        #expect(issues.map { "\($0.message) | \($0.hint ?? "")" } == [expected])
        #expect(issues.allSatisfy { $0.pointer.hasPrefix("/models/0/lifecycle") })
        #expect(issues.allSatisfy { document.line(of: $0.pointer) == 2 })
    }

    @Test func `successors that form a circle are an issue of each model in it`() throws {
        let stages = [
            "{status: deprecated, successor: second}", "{status: deprecated, successor: third}",
            "{status: deprecated, successor: second}",
        ]
        let error = #expect(throws: CatalogError.self) {
            let document = try YAMLDocument(parsing: Array(Self.yaml(stages).utf8))
            _ = try ModelCatalog(decoding: document.value)
        }
        #expect(
            error?.issues.map { "\($0.pointer): \($0.message)" } == [
                "/models/1/lifecycle/successor: the successors form a circle: second, third, second",
                "/models/2/lifecycle/successor: the successors form a circle: third, second, third",
            ])
    }

    @Test func `a successor with issues of its own is not also reported as unknown`() throws {
        let text = """
            models:
              - {id: a, mode: text, parameters: [], lifecycle: {status: retired, successor: b}}
              - {id: b, parameters: []}
            """
        let error = #expect(throws: CatalogError.self) {
            _ = try ModelCatalog(decoding: try YAMLDocument(parsing: Array(text.utf8)).value)
        }
        #expect(error?.issues.map(\.message) == ["mode is missing"])
    }

    // MARK: Jobs

    @Test func `a job of a deprecated model passes with a notice`() throws {
        let catalog = try Self.catalog(
            "{status: deprecated, since: 2026-10-01, until: 2027-01-31, successor: second}", nil,
            "{status: deprecated}")
        #expect(
            try catalog.validate(Self.job("first")).deprecation
                == "the model first is deprecated since 2026-10-01 and is expected to end on 2027-01-31; its "
                + "successor is second")
        #expect(try catalog.validate(Self.job("second")).deprecation == nil)
        #expect(try catalog.validate(Self.job("third")).deprecation == "the model third is deprecated")
    }

    @Test func `a job of a retired model is refused, whatever else is wrong with it`() throws {
        let catalog = try Self.catalog("{status: retired, since: 2026-10-01, successor: third}", nil, nil)
        let issue = JobIssue(
            pointer: "/model", code: "model_retired",
            message: "the model first is retired since 2026-10-01; its successor is third",
            allowed: ["second", "third"], hint: "use third")
        for more in ["", #","duration":8"#] {
            #expect(throws: JobValidationError.modelRetired(issue)) {
                try catalog.validate(Self.job("first", more))
            }
        }
        #expect(throws: JobValidationError.modelRetired(issue)) {
            try catalog.validate(Self.job("first", #","duration":8"#), allowsRetired: true)
        }
        #expect(try catalog.validate(Self.job("first"), allowsRetired: true).retirement == issue)
    }

    @Test func `an unknown model is never answered with a retired one`() throws {
        let catalog = try Self.catalog("{status: retired}", nil, nil)
        let rejection = #expect(throws: JobValidationError.self) { try catalog.validate(Self.job("firs")) }
        guard case .unknownModel(let issue) = rejection else {
            Issue.record("\(rejection.debugDescription)")
            return
        }
        #expect(issue.allowed == ["second", "third"] && issue.hint == nil)
    }

    @Test func `a model that is not listed is refused only where the catalog asks for that`() throws {
        for (policy, isRefused) in [(nil, false), ("warn", false), ("refuse", true)] {
            let catalog = try Self.catalog(
                "{status: deprecated, successor: second}", nil, "{status: retired}", onMissing: policy)
            #expect(catalog.models(missingFrom: ["second"]).map(\.id) == ["first"])
            let marked = catalog.marking(missing: ["first"])
            guard isRefused else {
                #expect(try marked.validate(Self.job("first")).retirement == nil)
                continue
            }
            #expect(
                marked.retirement(of: "first")?.message
                    == "the provider no longer lists the model first; its successor is second")
            #expect(throws: JobValidationError.self) { try marked.validate(Self.job("first")) }
            #expect(marked.marking(missing: []).retirement(of: "first") == nil)
        }
    }

    @Test(
        arguments: [
            ("model_not_found", "nope", 404, true), ("invalid_request_error", "Unknown model", 400, true),
            ("x", "The model `provider/first` does not exist or you do not have access", 404, true),
            ("x", "No available channel for model FIRST under group default", 422, true),
            ("x", "provider/first was retired on 2026-10-01", 422, true),
            ("invalid_parameters", "this model does not support 4k", 422, false),
            ("model_not_found", "nope", 413, false),
            ("x", "the image of the first frame is too large", 422, false),
            ("not_found", "image not found", 404, false),
        ] as [(String, String, Int, Bool)])
    func `a refusal may say that the model is gone`(
        _ code: String, _ message: String, _ status: Int, _ isGone: Bool
    ) throws {
        var entry = try Self.catalog(nil).models[0]
        entry.providerID = "provider/first"
        entry.id = "first"
        let failure = FailureReason(code: code, message: message, httpStatus: status)
        #expect(entry.isGone(by: failure) == isGone, "\(message)")
    }

    @Test(arguments: [
        "2026-1-01", "2026-11-31", "26-11-30", "2026-11-30T00:00:00Z", "2026/11/30", "+026-11-30", "",
    ])
    func `a text that is no date of the calendar is not read as one`(_ text: String) {
        #expect(UTCDate(text) == nil)
    }
}
