import JSONText

/// Why a script or another order to the simulator cannot be obeyed, and where.
package struct ScriptError: Error, Equatable, Sendable {
    /// JSON Pointer to the member; `nil` where the text is no JSON.
    package var pointer: String?
    package var message: String
}

/// A value of a script and where it stands.
struct JSONCursor {
    let value: JSONValue
    let pointer: JSONPointer

    init(_ value: JSONValue, _ pointer: JSONPointer) {
        self.value = value
        self.pointer = pointer
    }

    /// Reads a whole text.
    init(parsing text: [UInt8]) throws(ScriptError) {
        do throws(JSONError) {
            self.init(try JSONValue(parsing: text), .root)
        } catch {
            throw ScriptError(message: "line \(error.line), column \(error.column): \(error.message)")
        }
    }

    func fault(_ message: String) -> ScriptError {
        ScriptError(pointer: pointer.description, message: "\(pointer): \(message)")
    }

    /// The members, if there are no others than these.
    func members(_ known: [String]) throws(ScriptError) -> [(name: String, place: JSONCursor)] {
        guard let object = value.object else { throw fault("must be an object") }
        var members: [(name: String, place: JSONCursor)] = []
        for member in object.members {
            let place = JSONCursor(member.value, pointer.appending(member.name))
            guard known.contains(member.name) else {
                throw place.fault("unknown key; known are \(known.joined(separator: ", "))")
            }
            members.append((member.name, place))
        }
        return members
    }

    func integer(_ range: ClosedRange<Int64>) throws(ScriptError) -> Int {
        guard let number = value.integer, range.contains(number) else {
            throw fault("must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return Int(number)
    }

    func text() throws(ScriptError) -> String {
        guard let text = value.string, !text.isEmpty else { throw fault("must be a non-empty string") }
        return text
    }

    func truth() throws(ScriptError) -> Bool {
        guard let truth = value.bool else { throw fault("must be true or false") }
        return truth
    }

    /// For actions that are done or not named at all.
    func beTrue() throws(ScriptError) {
        guard value.bool == true else { throw fault("must be true; leave it out otherwise") }
    }

    func word<Word: RawRepresentable<String> & CaseIterable>(_: Word.Type) throws(ScriptError) -> Word {
        guard let word = value.string.flatMap(Word.init(rawValue:)) else {
            let message = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault("must be one of \(message)")
        }
        return word
    }

    func duration() throws(ScriptError) -> Duration {
        guard let duration = SimulatedInterval(value) else {
            throw fault("must be a number of seconds, or a duration such as \"250ms\" or \"24h\"")
        }
        return duration.value
    }
}

/// A length of time as scripts and the clock take it: a number of seconds, or `250ms`, `10s`, `5m`, `24h`,
/// `30d`.
struct SimulatedInterval: Equatable, Sendable {
    static let longest: Duration = .seconds(100 * 365 * 24 * 60 * 60)

    let value: Duration

    init?(_ value: JSONValue) {
        switch value {
        case .integer(let seconds): self.init(seconds: Double(seconds))
        case .real(let seconds): self.init(seconds: seconds)
        case .string(let text): self.init(text)
        case .null, .bool, .array, .object: return nil
        }
    }

    init?(_ text: String) {
        let units: [(suffix: String, seconds: Double)] = [
            ("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("", 1),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
        let digits = text.dropLast(unit.suffix.count)
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
            let number = Double(digits)
        else { return nil }
        self.init(seconds: number * unit.seconds)
    }

    private init?(seconds: Double) {
        guard seconds >= 0, seconds <= Double(Self.longest.components.seconds) else { return nil }
        value = .milliseconds(Int64((seconds * 1000).rounded()))
    }
}
