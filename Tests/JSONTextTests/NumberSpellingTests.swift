import JSONText
import Testing

@Suite struct NumberSpellingTests {
    static let integers: [(String, Int64)] = [
        ("8", 8), ("8.0", 8), ("8e0", 8), ("80e-1", 8), ("0.5e1", 5), ("8.000E+00", 8), ("0.0008e4", 8),
        ("-8.0", -8), ("-0", 0), ("-0.0", 0), ("0e999999999999999999999", 0),
        ("1e18", 1_000_000_000_000_000_000),
        ("9007199254740993.0", 9_007_199_254_740_993), ("9223372036854775807.0", .max),
        ("-9223372036854775808.0", .min), ("-9.223372036854775808e18", .min),
        ("0.00e-99999999999999999999", 0),
        ("8" + String(repeating: "0", count: 300) + "e-300", 8),
        ("0." + String(repeating: "0", count: 300) + "8e301", 8),
    ]

    @Test(arguments: integers) func `all spellings of an integer are one value`(
        _ text: String, _ value: Int64
    ) throws {
        #expect(try JSONValue(parsing: Array(text.utf8)) == .integer(value))
        let nested = #"{"a\"1.5":["1.5",\#(text),1.5],"b":\#(text)}"#
        #expect(
            try JSONValue(parsing: Array(nested.utf8))
                == ["a\"1.5": ["1.5", .integer(value), .real(1.5)], "b": .integer(value)])
    }

    @Test(arguments: [
        "8.0000000000000000000000001", "7.9999999999999999999999", "8e-400", "9223372036854775808.0",
        "-9223372036854775809.0", "9007199254740993.5", "1e19", "0.1", "1e300",
    ]) func `a number that is not a 64-bit integer is not rounded to one`(_ text: String) throws {
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(value.integer == nil)
        guard case .real = value else { return #expect(Bool(false), "\(value)") }
    }

    @Test(arguments: ["1e400", "-1e400", "9223372036854775808", "1e99999999999999999999"])
    func `a number out of range is an error`(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    static let spellings: [(String, String)] = [
        (
            #"{"b":[1,{"y":null,"x":"A"}],"a":8}"#,
            "{ \"a\" : 8.0,\r\n\t\"b\":[1e0,{\"\\u0078\":\"\\u0041\",\"y\":null}]}"
        ),
        (#"{"é":"\/😀"}"#, #"{"\u00e9":"/\ud83d\ude00"}"#),
        (#"{"ab":1,"a":2,"é":3,"😀":4,"":5}"#, #"{"😀":4,"é":3,"a":2,"ab":1,"":5}"#),
    ]

    @Test(arguments: spellings)
    func `all spellings of a value have one canonical text`(_ one: String, _ other: String) throws {
        let values = try [one, other].map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(values[0].canonicallySerialized() == values[1].canonicallySerialized())
        #expect(
            try JSONValue(parsing: values[0].canonicallySerialized()).canonicallySerialized()
                == values[0].canonicallySerialized())
    }

    static let differences: [(String, String)] = [
        ("[1,2]", "[2,1]"), (#"{"a":1}"#, #"{"a":"1"}"#), (#"{"a":null}"#, "{}"), (#""é""#, #""e\u0301""#),
        (#""K""#, #""\u212a""#), ("9007199254740993", "9007199254740992.0"), ("true", "1"), ("[]", "{}"),
        (#"{"a":{"b":1}}"#, #"{"a":[{"b":1}]}"#),
    ]

    @Test(arguments: differences)
    func `values that differ have different canonical texts`(_ one: String, _ other: String) throws {
        let values = try [one, other].map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(values[0].canonicallySerialized() != values[1].canonicallySerialized())
    }
}
