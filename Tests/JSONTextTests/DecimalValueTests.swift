import JSONText
import Testing

@Suite struct DecimalValueTests {
    private func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test(arguments: [
        ("0", 0), ("-0.0", 0), ("1", 1_000_000), ("0.1", 100_000), ("0.3", 300_000), ("1.005", 1_005_000),
        ("64e-2", 640_000), ("1E-6", 1), ("-2.5", -2_500_000), ("123456789.123456", 123_456_789_123_456),
        ("999999999.999999", 999_999_999_999_999), ("9223372036854", 9_223_372_036_854_000_000),
    ])
    func `a number with few decimals is read in whole units`(_ text: String, _ units: Int64) throws {
        #expect(try value(text).units(decimals: 6) == units)
        #expect(JSONValue(units: units, decimals: 6).units(decimals: 6) == units)
    }

    @Test(arguments: ["1e-7", "0.1234567", "1e300", "9223372036855", "\"1\"", "null", "true", "[1]", "{}"])
    func `a number with more decimals or too many digits, or no number, has no units`(_ text: String) throws {
        #expect(try value(text).units(decimals: 6) == nil)
    }

    @Test(arguments: [
        (0, "0"), (1, "1e-06"), (640_000, "0.64"), (12_500_000, "12.5"), (-50_000, "-0.05"),
        (1_000_000, "1"), (999_999_999_999_999, "999999999.999999"),
    ])
    func `units are written as the shortest number`(_ units: Int64, _ text: String) {
        #expect(String(decoding: JSONValue(units: units, decimals: 6).serialized(), as: UTF8.self) == text)
    }
}
