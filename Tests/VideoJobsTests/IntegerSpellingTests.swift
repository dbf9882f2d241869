import JSONText
import Testing
import VideoJobs

@Suite struct IntegerSpellingTests {
    let catalog = ShippedCatalog.catalog

    private func body(_ members: String) -> [UInt8] {
        Array(#"{"model":"veo-3.1-text-to-video","prompt":"p",\#(members)}"#.utf8)
    }

    @Test(arguments: [
        #""duration":8.0"#, #""duration":8e0"#, #""duration":80e-1"#, #""duration":0.08E2"#,
        #""safety_tolerance":6.0"#, #""seed":-0.0"#, #""seed":1e2"#, #""seed":9223372036854775807.0"#,
    ]) func `every spelling of an integer is accepted and forwarded as sent`(_ member: String) throws {
        #expect(try catalog.validate(body(member)).payload == body(member))
    }

    @Test(arguments: [
        (#""duration":8.0000000000000000000000001"#, "wrong_type"), (#""duration":5.0"#, "not_allowed"),
        (#""safety_tolerance":7.0"#, "out_of_range"), (#""safety_tolerance":1.5"#, "wrong_type"),
        (#""seed":1e19"#, "out_of_range"), (#""seed":-9223372036854775809.0"#, "out_of_range"),
        (#""seed":1e-400"#, "wrong_type"), (#""generate_audio":1.0"#, "wrong_type"),
    ]) func `a number that is not an accepted integer is one issue`(_ member: String, _ code: String) {
        let rejection = #expect(throws: JobValidationError.self) { try catalog.validate(body(member)) }
        guard case .invalid(let issues) = rejection else {
            return #expect(Bool(false), "\(rejection as Any)")
        }
        #expect(issues.map(\.code) == [code])
    }

    @Test func `a conditional rule compares integers by value`() throws {
        let job = #"{"model":"veo-3.1-lite-text-to-video","prompt":"p","resolution":"1080p","duration":"#
        _ = try catalog.validate(Array((job + "8.0}").utf8))
        #expect(throws: JobValidationError.self) { try catalog.validate(Array((job + "4.0}").utf8)) }
    }
}
