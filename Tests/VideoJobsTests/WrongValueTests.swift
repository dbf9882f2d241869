import JSONText
import Testing
import VideoJobs

@Suite struct WrongValueTests {
    let catalog = ShippedCatalog.catalog

    static let values: [WrongValue] = [
        WrongValue(
            "duration", "8", "wrong_type", "duration must be an integer, not a string",
            "write 8 without quotes"
        ),
        WrongValue(
            "duration", .real(8.0.nextUp), "wrong_type",
            "duration must be an integer, not a decimal number", nil),
        WrongValue("duration", .real(1e300), "not_allowed", "duration is fixed at 8", nil),
        WrongValue(
            "safety_tolerance", .real(-1e20), "out_of_range",
            "safety_tolerance must be from 1 to 6, not -1e+20", nil),
        WrongValue(
            "duration", .real(8.5), "wrong_type", "duration must be an integer, not a decimal number", nil),
        WrongValue(
            "duration", nil, "wrong_type", "duration must be an integer, not null", "leave it out instead"),
        WrongValue("duration", .integer(.min), "not_allowed", "duration is fixed at 8", nil),
        WrongValue(
            "resolution", "1080P", "not_allowed", "resolution must be 720p, 1080p or 4k",
            "did you mean 1080p?"),
        WrongValue(
            "resolution", "4\u{212A}", "not_allowed", "resolution must be 720p, 1080p or 4k",
            nil
        ),
        WrongValue(
            "resolution", 720, "wrong_type", "resolution must be a string, not an integer",
            "did you mean \"720p\"?"
        ),
        WrongValue("resolution", "", "not_allowed", "resolution must be 720p, 1080p or 4k", nil),
        WrongValue("aspect_ratio", "1:1", "not_allowed", "aspect_ratio must be 16:9 or 9:16", nil),
        WrongValue(
            "generate_audio", "True", "wrong_type", "generate_audio must be true or false, not a string",
            "write true without quotes"
        ),
        WrongValue(
            "generate_audio", 1, "wrong_type", "generate_audio must be true or false, not an integer",
            "write true"
        ),
        WrongValue(
            "generate_audio", nil, "wrong_type", "generate_audio must be true or false, not null",
            "leave it out instead"
        ),
        WrongValue("safety_tolerance", 0, "out_of_range", "safety_tolerance must be from 1 to 6, not 0", nil),
        WrongValue(
            "safety_tolerance", true, "wrong_type", "safety_tolerance must be an integer, not a boolean",
            nil),
        WrongValue(
            "person_generation", "allow_all", "not_allowed",
            "person_generation must be dont_allow or allow_adult", nil
        ),
        WrongValue("prompt", "", "empty", "prompt must not be empty", nil),
        WrongValue("prompt", " \n\t\u{3000}", "empty", "prompt must not be only white space", nil),
        WrongValue("prompt", nil, "wrong_type", "prompt must be a string, not null", nil),
        WrongValue("prompt", ["x"], "wrong_type", "prompt must be a string, not an array", nil),
        WrongValue(
            "prompt", 5, "wrong_type", "prompt must be a string, not an integer",
            "write it in double quotes"),
        WrongValue(
            "reference_image_urls", [], "too_few", "reference_image_urls must have 1 to 3 elements, not 0",
            nil),
        WrongValue(
            "reference_image_urls", "https://example.com/a.jpg", "wrong_type",
            "reference_image_urls must be an array of URL strings, not a string",
            "write it as an array of one element"
        ),
        WrongValue(
            "reference_image_urls", [:], "wrong_type",
            "reference_image_urls must be an array of URL strings, not an object", nil
        ),
    ]

    @Test(arguments: values)
    func `a wrong value is one issue with an exact message`(_ wrong: WrongValue) {
        let issues = catalog.issues(ShippedCatalog.job([wrong.name: wrong.value]))
        #expect(issues.map(\.pointer) == ["/\(wrong.name)"])
        #expect(issues.map(\.code) == [wrong.code])
        #expect(issues.map(\.message) == [wrong.message])
        #expect(issues.map(\.hint) == [wrong.hint])
    }
}
