import ArgumentParser
import HTTPFetching
import JSONText
import Testing

@testable import Reelgate

@Suite struct JobOptionsTests {
    private func job(_ arguments: [String]) throws -> String {
        String(
            decoding: try JobOptions.parse(["--prompt", "A garden"] + arguments).json().serialized(),
            as: UTF8.self)
    }

    @Test func `only given options are sent`() throws {
        #expect(try job([]) == #"{"model":"veo-3.1-reference-to-video","prompt":"A garden"}"#)
    }

    @Test func `every field has an option`() throws {
        let text = try job([
            "--reference", "https://a/1", "https://a/2", "--model", "m", "--aspect-ratio", "9:16",
            "--duration", "8",
            "--resolution", "4k", "--generate-audio", "--no-auto-fix", "--safety-tolerance", "3",
            "--enhance-prompt",
            "--person-generation", "allow_adult", "--reference-type", "STYLE", "--reference", "https://a/3",
        ])
        #expect(
            text == """
                {"model":"m","prompt":"A garden",\
                "reference_image_urls":["https://a/1","https://a/2","https://a/3"],\
                "aspect_ratio":"9:16","duration":8,"resolution":"4k","generate_audio":true,"auto_fix":false,\
                "safety_tolerance":3,"enhance_prompt":true,"person_generation":"allow_adult",\
                "reference_type":"STYLE"}
                """)
    }

    @Test func `further fields are JSON, or text`() throws {
        let text = try job([
            "--field", "seed=42", "--field", "negative_prompt=no rain", "--field", "auto_fix=null",
        ])
        #expect(text.hasSuffix(#""seed":42,"negative_prompt":"no rain","auto_fix":null}"#))
        #expect(throws: (any Error).self) { try job(["--field", "seed"]) }
    }
}
