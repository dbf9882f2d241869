/// Gathers the members of an object of which names may come twice.
struct LenientJSONMembers {
    private var members: [JSONObject.Member] = []
    /// Where each name stands. Two names that differ only in Unicode's canonical equivalence share an entry.
    private var places: [String: [Int]] = [:]

    var object: JSONObject { JSONObject(members) }

    /// Adds a member. The same value again says nothing new, and null says nothing at all.
    mutating func add(_ name: String, _ value: JSONValue) {
        for place in places[name] ?? [] where members[place].name.isIdentical(to: name) {
            if members[place].value == value || value == .null { return }
            if members[place].value == .null {
                members[place].value = value
                return
            }
        }
        // A bound on what has to be compared: nobody needs the hundredth value of a name.
        guard places[name, default: []].count < 8 else { return }
        places[name, default: []].append(members.count)
        members.append(JSONObject.Member(name, value))
    }
}
