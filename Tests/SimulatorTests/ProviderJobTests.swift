import JSONText
import Simulator
import Testing

@Suite struct ProviderJobTests {
    @Test func `the largest job of each reference variant is accepted`() throws {
        var harness = try SimulatedProviderHarness()
        let common: JSONObject = [
            "aspect_ratio": "9:16", "duration": 8, "resolution": "4k", "generate_audio": true,
            "auto_fix": true,
            "safety_tolerance": 6, "reference_image_urls": ["https://a/1", "http://b/2", "https://c/3"],
        ]
        var standard = common
        standard["enhance_prompt"] = true
        standard["person_generation"] = "allow_adult"
        standard["reference_type"] = "STYLE"
        #expect(harness.create(SimulatedProviderHarness.job(with: standard)).status == 200)
        var fast = common
        fast["model"] = "veo-3.1-fast-reference-to-video"
        #expect(harness.create(SimulatedProviderHarness.job(with: fast)).status == 200)
        #expect(
            harness.create(SimulatedProviderHarness.job(with: ["model": "google/veo-3.1-reference-to-video"]))
                .status
                == 200)
    }

    @Test func `null is accepted for an optional advanced field`() throws {
        var harness = try SimulatedProviderHarness()
        for name in ["auto_fix", "safety_tolerance", "enhance_prompt", "person_generation", "reference_type"]
        {
            #expect(
                harness.create(SimulatedProviderHarness.job(with: .init([.init(name, .null)]))).status == 200)
        }
        #expect(harness.create(SimulatedProviderHarness.job(with: ["duration": .null])).status == 422)
    }

    static let invalid: [(param: String, value: JSONValue)] = [
        ("model", "veo-4"), ("model", "veo-3.1-lite-reference-to-video"), ("model", 3), ("prompt", ""),
        ("prompt", 5), ("reference_image_urls", []), ("reference_image_urls", "https://a/1"),
        ("reference_image_urls", ["https://a", "https://b", "https://c", "https://d"]),
        ("reference_image_urls", ["ftp://a/1"]), ("reference_image_urls", ["https://"]),
        ("aspect_ratio", "1:1"),
        ("duration", 6), ("duration", "8"), ("resolution", "1080"), ("generate_audio", "true"),
        ("safety_tolerance", 0), ("safety_tolerance", 7), ("enhance_prompt", 1),
        ("person_generation", "allow_all"), ("reference_type", "style"), ("seed", 4), ("aspectratio", "16:9"),
        ("callback_url", "https://a/hook"), ("n", 1),
    ]

    @Test(arguments: invalid.indices)
    func `an invalid value, an unknown field or model is 422 with the field`(_ index: Int) throws {
        let (param, value) = Self.invalid[index]
        var harness = try SimulatedProviderHarness()
        let response = harness.create(SimulatedProviderHarness.job(with: .init([.init(param, value)])))
        #expect(response.status == 422)
        #expect(response.json["error"]?["type"] == "invalid_request_error")
        #expect(response.json["error"]?["param"]?.string == param)
        #expect(harness.ledger()["accepted"] == 0)
    }

    @Test(arguments: ["model", "prompt", "reference_image_urls"])
    func `a missing field is 422 with the field`(_ name: String) throws {
        var harness = try SimulatedProviderHarness()
        var job = try #require(SimulatedProviderHarness.job.object)
        job[name] = nil
        let response = harness.create(.object(job))
        #expect(response.status == 422 && response.json["error"]?["param"]?.string == name)
    }

    @Test(arguments: ["enhance_prompt", "person_generation", "reference_type"])
    func `fast models lack the fields of standard models`(_ name: String) throws {
        var harness = try SimulatedProviderHarness()
        var changes: JSONObject = ["model": "veo-3.1-fast-reference-to-video"]
        changes[name] = .null
        #expect(harness.create(SimulatedProviderHarness.job(with: changes)).status == 422)
    }

    @Test(arguments: ["", "{", "[]", "\"job\"", #"{"model":"a","model":"b"}"#, "{} {}"])
    func `a body that is not a JSON object is 400`(_ text: String) throws {
        var harness = try SimulatedProviderHarness()
        let response = harness.ask("POST", "/v1/videos/generations", Array(text.utf8))
        #expect(response.status == 400 && response.json["error"]?["message"]?.string != nil)
        #expect(harness.ledger()["refused"] == 1)
    }

    @Test func `other models accept their own fields`() throws {
        var harness = try SimulatedProviderHarness()
        let text: JSONValue = ["model": "veo-3.1-text-to-video", "prompt": "p", "duration": 4, "seed": 9]
        let image: JSONValue = [
            "model": "veo-3.1-fast-image-to-video", "prompt": "p", "image_url": "https://a/1",
        ]
        let frames: JSONValue = [
            "model": "veo-3.1-lite-first-last-frame-to-video", "prompt": "p",
            "first_image_url": "https://a/1",
            "last_image_url": "https://a/2", "resolution": "1080p",
        ]
        for job in [text, image, frames] { #expect(harness.create(job).status == 200) }
        var short = try #require(frames.object)
        short["duration"] = 4
        #expect(harness.create(.object(short)).json["error"]?["param"] == "resolution")
    }
}
