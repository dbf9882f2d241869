import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// Models that the provider does not list, and new model families, with the executable.
@Suite(.timeLimit(.minutes(2))) struct ModelDriftTests {
    @Test func `a missing model is in the log once and on readyz, and does not keep the gateway from jobs`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"do":{"omit_models":["veo-3.1-reference-to-video"]}}]"#)
        let gateway = try await fixture.gateway()
        let line = try await gateway.program.line(
            of: \.errors, containing: "the provider does not list a model of the catalog")
        #expect(line.contains("\"model\":\"veo-3.1-reference-to-video\""), "\(line)")
        let ready = try await Curl.get("\(gateway.url)/readyz?verbose")
        #expect(ready.status == 200)
        #expect(try ready.json()["warnings"]?.array?.first?["code"] == "model_missing")
        let metrics = try await Curl.get("\(gateway.url)/metrics").text.split(separator: "\n")
        #expect(metrics.contains(#"reelgate_model_missing{model="veo-3.1-reference-to-video"} 1"#))
        #expect(metrics.contains(#"reelgate_model_missing{model="veo-3.1-text-to-video"} 0"#))
        _ = try await gateway.accepted()
        // Asked again after a reload: nothing has changed, so nothing more is logged.
        gateway.program.signal(SIGHUP)
        while try await fixture.ledger()["requests"]?["GET /v1/models"]?.integer ?? 0 < 2 {
            await Task.yield()
        }
        _ = try await gateway.accepted()
        let count = gateway.program.errors.text.split(separator: "\n")
            .count(where: { $0.contains("the provider does not list a model") })
        #expect(count == 1)
    }

    /// Other durations, more images, and parameters that no present model has.
    private static let family = """
        parameters:
          prompt: {type: string, required: true, max_length: 20000}
          style_image_urls: {type: url_list, required: true, min_items: 2, max_items: 9, max_length: 4096}
          seconds: {type: integer, min: 1, max: 60, default: 12}
          frame_rate: {type: integer, allowed: [24, 30, 60]}
          mood: {type: string, allowed: [calm, wild]}
          loop: {type: boolean}
        models:
          - id: gemini-omni-video
            provider_id: google/gemini-omni-video
            title: Gemini Omni
            mode: any-to-video
            prices: [{usd: "1.25", per: video}]
            parameters: [prompt, style_image_urls, seconds, frame_rate, mood, loop]
            rules: [{when: {loop: true}, then: {seconds: [4, 8]}}]
          - id: veo-3.1-reference-to-video
            mode: reference-to-video
            parameters: [prompt]
            lifecycle: {status: retired, since: 2026-11-01, successor: gemini-omni-video}
        """

    @Test func `a new model family is one entry of the catalog, from submission to video`() async throws {
        let fixture = try await EndToEndFixture(simulating: ["--model", "google/gemini-omni-video"])
        _ = try fixture.folder.write(Self.family, to: "models.yaml")
        let gateway = try await fixture.gateway()
        let images = (1...9).map { "\"https://example.com/\($0).jpg\"" }.joined(separator: ",")
        let rest = #""prompt":"a street","style_image_urls":[\#(images)],"frame_rate":60,"mood":"wild""#
        let job = #"{"model":"gemini-omni-video",\#(rest),"loop":true,"seconds":8}"#
        let id = try await gateway.accepted(job)
        try await fixture.advance("2h")
        let task = try await gateway.follow(id) { $0["status"] == "completed" }.last
        #expect(task?["gateway"]?["price"]?["microdollars"] == 1_250_000)
        let video = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(video.status == 200 && video.body.count > 1000)
        let sent = try await fixture.ledger()["entries"]?.array?.last?["body"]
        #expect(sent?["model"] == "google/gemini-omni-video" && sent?["frame_rate"] == 60)

        let broken = #"{"model":"gemini-omni-video",\#(rest),"loop":true,"seconds":5,"duration":8}"#
        let refused = try await gateway.submit(broken)
        #expect(refused.status == 422)
        let pointers = try refused.json()["errors"]?.array?.compactMap { $0["pointer"]?.string }
        #expect(pointers == ["/duration", "/seconds"], "\(refused.text)")
        let schema = try await Curl.get("\(gateway.url)/v1/models/gemini-omni-video").json()["parameters"]
        #expect(schema?["properties"]?["style_image_urls"]?["maxItems"] == 9)

        let retired = try await gateway.submit()
        #expect(retired.status == 422)
        #expect(try retired.json()["error"]?["code"] == "model_retired")
        #expect(retired.text.contains("its successor is gemini-omni-video"))
        let file = try fixture.folder.write(GatewayUnderTest.exampleJob, to: "job.json")
        let checked = try await Tools.run(
            "reelgate", ["check", "--config", "reelgate.yaml", file], folder: fixture.folder.path)
        #expect(checked.status == 1)
        #expect(
            checked.errors.contains("job.json:1: /model: the model veo-3.1-reference-to-video is retired"))
    }
}
