import JSONText
import Simulator
import Testing

/// The simulated provider's list of models.
@Suite struct ModelListTests {
    private func ids(_ harness: inout SimulatedProviderHarness) -> [String?] {
        harness.ask("GET", "/v1/models").json["data"]?.array?.map { $0["id"]?.string } ?? []
    }

    @Test func `every model is listed, and nothing is created`() throws {
        var harness = try SimulatedProviderHarness()
        let all = ids(&harness)
        #expect(all.count == 11 && all.contains("veo-3.1-reference-to-video"))
        #expect(harness.ask("GET", "/v1/models", key: nil).status == 401)
        #expect(harness.ask("POST", "/v1/models").status == 405)
        #expect(harness.ledger()["requests"]?["GET /v1/models"] == 2)
        #expect(harness.ledger()["creates"] == 0)
    }

    @Test func `a script leaves models out, and other rules do not count the calls`() throws {
        var harness = try SimulatedProviderHarness(
            script: """
                [{"do":{"omit_models":["veo-3.1-text-to-video"]}},
                 {"match":{"nth":1},"do":{"status":500}}]
                """)
        let listed = ids(&harness)
        #expect(listed.count == 10 && !listed.contains("veo-3.1-text-to-video"))
        #expect(harness.create().status == 500)
        #expect(harness.create().status == 200)
        try harness.setScript(#"[{"match":{"kind":"models"},"do":{"status":404}}]"#)
        #expect(harness.ask("GET", "/v1/models").status == 404)
    }

    @Test(arguments: [#"{"omit_models":"a"}"#, #"{"omit_models":[]}"#, #"{"omit_models":["a"],"fail":true}"#])
    func `a list that cannot be left out is an error of the script`(_ action: String) {
        #expect(throws: ScriptError.self) { try SimulatedProviderHarness(script: #"[{"do":\#(action)}]"#) }
    }

    @Test func `a further model is listed, and its jobs may have any parameters`() throws {
        let provider = try SimulatedProvider(
            taskLength: .seconds(1), seed: 7, furtherModels: ["omni"])
        var harness = try SimulatedProviderHarness()
        harness.provider = provider
        #expect(ids(&harness).last == "omni")
        #expect(harness.create(["model": "omni", "mood": "wild", "seconds": 12]).status == 200)
        #expect(harness.create(["model": "omni-2", "mood": "wild"]).status == 422)
    }
}
