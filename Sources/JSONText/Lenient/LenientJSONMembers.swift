/// The members of an object whose names may be duplicated.
struct LenientJSONMembers {
    private var members: [JSONObject.Member] = []
    /// The indexes of each name. Canonically equivalent names share an entry.
    private var indexes: [String: [Int]] = [:]

    var object: JSONObject { JSONObject(members) }

    /// Adds a member. Repeated equal values and null values of a known name are dropped.
    mutating func add(_ name: String, _ value: JSONValue) {
        for index in indexes[name] ?? [] where members[index].name.isIdentical(to: name) {
            if members[index].value == value || value == .null { return }
            if members[index].value == .null {
                members[index].value = value
                return
            }
        }
        // Bounds the number of comparisons.
        guard indexes[name, default: []].count < 8 else { return }
        indexes[name, default: []].append(members.count)
        members.append(JSONObject.Member(name, value))
    }
}
