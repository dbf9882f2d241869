import Testing
import VideoJobs

@Suite struct JobTraitsTests {
    private func traits(_ json: String, client: String = "open") -> JobTraits {
        JobTraits(payload: Array(json.utf8), client: client)
    }

    @Test(arguments: [
        (#"{"a":1,"b":"x"}"#, #"{"b":"x","a":1.0}"#, 0), (#"{"a":1}"#, #"{"a":2}"#, 1),
        (#"{"a":1}"#, #"{"a":1,"b":2,"c":3}"#, 2), (#"{"a":1,"b":2}"#, #"{"b":3,"c":4}"#, 3),
        (#"{"a":[1,2]}"#, #"{"a":[2,1]}"#, 1), (#"{"a":{"x":1,"y":2}}"#, #"{"a":{"y":2,"x":1}}"#, 0),
        (#"{"a":"1"}"#, #"{"a":1}"#, 1), (#"{"a":null}"#, #"{"a":false}"#, 1), ("no json", "no json", 0),
        ("no json", "none either", 1), (#"{"a":"\u0041"}"#, #"{"a":"A"}"#, 0),
    ])
    func `members are compared by value`(_ one: String, _ other: String, _ differences: Int) {
        #expect(traits(one).differences(from: traits(other)) == differences)
        #expect(traits(other).differences(from: traits(one)) == differences)
    }

    @Test func `the client is a feature of its own, distinct from every member`() {
        #expect(traits("{}").differences(from: traits("{}", client: "else")) == 1)
        #expect(traits(#"{"client":"else"}"#).differences(from: traits("{}", client: "else")) == 2)
    }

    @Test func `a mask counts the features that two jobs share`() {
        let core = traits(#"{"a":1,"b":2,"c":3}"#)
        let shared = core.shared(with: traits(#"{"a":1,"b":9,"c":3}"#))
        #expect(shared.count == 3)
        #expect(shared.mask(of: traits(#"{"a":1,"c":3,"z":0}"#)) == shared.fullMask)
        #expect(shared.mask(of: traits(#"{"a":1}"#)).nonzeroBitCount == 2)
        #expect(core.mask(of: traits(#"{"x":1}"#, client: "else")) == 0)
    }

    @Test func `the number of compared members is bounded`() {
        let members = (0..<200).map { #""m\#($0)":\#($0)"# }.joined(separator: ",")
        let large = traits("{\(members)}")
        #expect(large.count == JobTraits.membersMax)
        #expect(large.mask(of: large) == large.fullMask)
    }
}
