import JSONText
import Testing
import VideoJobs
import YAMLText

@Suite struct JobPriceTests {
    private func price(_ changes: JSONObject, of model: String) throws -> Int64? {
        var job: JSONObject = ["model": .string(model), "prompt": "A garden"]
        if model.contains("reference") { job["reference_image_urls"] = ["https://example.com/1.jpg"] }
        for member in changes.members { job[member.name] = member.value }
        return try ShippedCatalog.catalog.validate(JSONValue.object(job).serialized()).price
    }

    @Test func `a shipped model's price follows resolution, audio and duration, with the defaults`() throws {
        // Eight seconds at 1080p without audio.
        #expect(try price([:], of: ShippedCatalog.fast) == 640_000)
        #expect(try price([:], of: ShippedCatalog.standard) == 1_280_000)
        #expect(try price(["generate_audio": true], of: ShippedCatalog.fast) == 960_000)
        #expect(try price(["resolution": "720p", "duration": 8], of: ShippedCatalog.fast) == 640_000)
        #expect(try price(["resolution": "4k"], of: ShippedCatalog.fast) == 1_920_000)
        #expect(
            try price(["resolution": "4k", "generate_audio": true], of: ShippedCatalog.fast) == 2_240_000)
        let text = "veo-3.1-fast-text-to-video"
        #expect(try price(["resolution": "1080p", "duration": 4], of: text) == 320_000)
        #expect(try price(["resolution": "1080p", "duration": 4, "auto_fix": nil], of: text) == 320_000)
    }

    @Test func `what a job leaves open costs the highest price that it may have`() throws {
        // These have no default for the resolution.
        #expect(try price(["duration": 4], of: "veo-3.1-fast-text-to-video") == 960_000)
        #expect(try price(["duration": 4], of: "veo-3.1-lite-text-to-video") == 320_000)
    }

    private func entry(prices: String, parameters: String = "[]") throws -> ModelCatalog {
        let yaml = """
            parameters:
              resolution: {type: string, allowed: [low, high]}
              generate_audio: {type: boolean}
              duration: {type: integer, min: 1, max: 1000000000000}
            models: [{id: m, mode: text, parameters: \(parameters), prices: \(prices)}]
            """
        return try ModelCatalog(decoding: YAMLDocument(parsing: yaml).value)
    }

    private func price(_ job: JSONObject, prices: String, parameters: String = "[]") throws -> Int64? {
        var job = job
        job["model"] = "m"
        let catalog = try entry(prices: prices, parameters: parameters)
        return try catalog.validate(JSONValue.object(job).serialized()).price
    }

    @Test func `the most specific price applies, whatever the order`() throws {
        let all = "[resolution, generate_audio]"
        let prices = """
            [{usd: "1", per: video}, {usd: "2", per: video, audio: true},
             {usd: "3", per: video, resolution: high}, {usd: "4", per: video, resolution: high, audio: true}]
            """
        let expected: [(JSONObject, Int64)] = [
            (["resolution": "low", "generate_audio": false], 1),
            (["resolution": "low", "generate_audio": true], 2),
            (["resolution": "high", "generate_audio": false], 3),
            (["resolution": "high", "generate_audio": true], 4),
            (["resolution": "low"], 2), (["generate_audio": false], 3), ([:], 4),
        ]
        for (job, dollars) in expected {
            #expect(try price(job, prices: prices, parameters: all) == dollars * 1_000_000, "\(job)")
        }
    }

    @Test func `a job that no price covers has none`() throws {
        #expect(try price([:], prices: "[]") == nil)
        let high = #"[{usd: "1", per: video, resolution: high}]"#
        #expect(try price(["resolution": "low"], prices: high, parameters: "[resolution]") == nil)
        #expect(try price(["resolution": "high"], prices: high, parameters: "[resolution]") == 1_000_000)
        // It may become one without a price.
        #expect(try price([:], prices: high, parameters: "[resolution]") == nil)
        #expect(try price([:], prices: #"[{usd: "1", per: second}]"#) == nil)
    }

    @Test func `a model without the parameters has the price of its videos`() throws {
        #expect(try price([:], prices: #"[{usd: "1.50", per: video}]"#) == 1_500_000)
        #expect(
            try price([:], prices: #"[{usd: "2", per: video, resolution: high, audio: true}]"#) == 2_000_000)
    }

    @Test func `a price that sums could not hold is none`() throws {
        let prices = #"[{usd: "0.50", per: second}]"#
        #expect(try price(["duration": 2], prices: prices, parameters: "[duration]") == 1_000_000)
        #expect(
            try price(["duration": 2_000_000], prices: prices, parameters: "[duration]") == 1_000_000_000_000)
        for seconds: JSONValue in [2_000_001, 1_000_000_000_000] {
            #expect(try price(["duration": seconds], prices: prices, parameters: "[duration]") == nil)
        }
        #expect(try price([:], prices: prices, parameters: "[duration]") == nil)
    }

    @Test func `a model prices every job only if no combination of its values is without a price`() throws {
        let resolution = "[resolution, generate_audio]"
        let low = #"{usd: "1", per: video, resolution: low}"#
        let high = #"{usd: "1", per: video, resolution: high, audio: true}"#
        #expect(try !entry(prices: "[\(low)]", parameters: resolution).models[0].pricesEveryJob)
        #expect(try !entry(prices: "[\(low), \(high)]", parameters: resolution).models[0].pricesEveryJob)
        let any = #"{usd: "2", per: video}"#
        #expect(try entry(prices: "[\(low), \(any)]", parameters: resolution).models[0].pricesEveryJob)
    }
}
