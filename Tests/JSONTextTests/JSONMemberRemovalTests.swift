import JSONText
import Testing

@Suite struct JSONMemberRemovalTests {
    private func removing(_ name: String, from text: String) -> String {
        String(decoding: JSONMemberRemoval.removing(name, from: Array(text.utf8)), as: UTF8.self)
    }

    @Test(arguments: [
        (#"{"c":1}"#, "{}"), (#"{ "c" : 1 }"#, "{ }"), (#"{"c":1,"a":2}"#, #"{"a":2}"#),
        (#"{"a":2,"c":1}"#, #"{"a":2}"#),
        (
            #"{"a": 2 , "c" : [1,{"c":"}"}] , "b": "\",\"c\":"}"#,
            #"{"a": 2 , "b": "\",\"c\":"}"#
        ),
        (#"{"a":{"c":1},"b":["c"]}"#, #"{"a":{"c":1},"b":["c"]}"#),
        (#"{"\u0063":"\\","a":"c"}"#, #"{"a":"c"}"#),
        (#"{"a":"c","C":1,"cc":2}"#, #"{"a":"c","C":1,"cc":2}"#), ("{}", "{}"),
        ("{\n  \"a\": 1.50,\n  \"c\": null\n}", "{\n  \"a\": 1.50}"),
    ])
    func `a member is taken out, and everything else stays as it is`(_ text: String, _ rest: String) {
        #expect(removing("c", from: text) == rest)
    }

    @Test func `the rest has the same values, wherever the member stands`() throws {
        let members = [
            #""a":"é\n\"}""#, #""callback_url":"https://h/?a={[\"]}""#, #""b":[{},[],1e3]"#, #""d":-0"#,
        ]
        for shift in members.indices {
            for blank in ["", " ", "\t\r\n"] {
                let order = members[shift...] + members[..<shift]
                let text = "{" + order.joined(separator: "\(blank),\(blank)") + blank + "}"
                var expected = try #require(try JSONValue(parsing: Array(text.utf8)).object)
                expected["callback_url"] = nil
                let rest = removing("callback_url", from: text)
                #expect(try JSONValue(parsing: Array(rest.utf8)).object == expected, "\(text)")
            }
        }
    }
}
