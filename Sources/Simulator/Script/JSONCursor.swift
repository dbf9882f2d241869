import JSONText

/// A value of a script with its location.
struct JSONCursor {
    let value: JSONValue
    let pointer: JSONPointer

    init(_ value: JSONValue, _ pointer: JSONPointer) {
        self.value = value
        self.pointer = pointer
    }

    /// Parses a text.
    init(parsing text: [UInt8]) throws(ScriptError) {
        do throws(JSONError) {
            self.init(try JSONValue(parsing: text), .root)
        } catch {
            throw ScriptError(message: "line \(error.line), column \(error.column): \(error.message)")
        }
    }

    /// Returns an error at this location.
    func error(_ message: String) -> ScriptError {
        ScriptError(pointer: pointer.description, message: "\(pointer): \(message)")
    }

    /// Returns the members; throws if there are others than the known ones.
    func members(_ known: [String]) throws(ScriptError) -> [(name: String, cursor: JSONCursor)] {
        guard let object = value.object else { throw error("must be an object") }
        var members: [(name: String, cursor: JSONCursor)] = []
        for member in object.members {
            let cursor = JSONCursor(member.value, pointer.appending(member.name))
            guard known.contains(member.name) else {
                throw cursor.error("unknown key; known are \(known.joined(separator: ", "))")
            }
            members.append((member.name, cursor))
        }
        return members
    }

    func integer(_ range: ClosedRange<Int64>) throws(ScriptError) -> Int {
        guard let number = value.integer, range.contains(number) else {
            throw error("must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    func string() throws(ScriptError) -> String {
        guard let text = value.string, !text.isEmpty else { throw error("must be a non-empty string") }
        return text
    }

    func bool() throws(ScriptError) -> Bool {
        guard let bool = value.bool else { throw error("must be true or false") }
        return bool
    }

    /// Requires the value `true`, for actions that have no other value.
    func requireTrue() throws(ScriptError) {
        guard value.bool == true else { throw error("must be true; leave it out otherwise") }
    }

    /// Reads one of the raw values of an enumeration.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _: Choice.Type
    ) throws(ScriptError) -> Choice {
        guard let choice = value.string.flatMap(Choice.init(rawValue:)) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw error("must be one of \(names)")
        }
        return choice
    }

    func duration() throws(ScriptError) -> Duration {
        guard let duration = SimulatedInterval(value) else {
            throw error("must be a number of seconds, or a duration such as \"250ms\" or \"24h\"")
        }
        return duration.value
    }
}
