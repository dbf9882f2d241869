/// The id of an event in the stream of all tasks: `STORE.SEQUENCE`.
struct EventID: Equatable, Sendable {
    let store: String
    let sequence: Int64

    init(store: String, sequence: Int64) {
        self.store = store
        self.sequence = sequence
    }

    /// `nil` for a text that is no such id.
    init?(_ text: String) {
        guard let dot = text.lastIndex(of: "."), dot > text.startIndex,
            let sequence = Self.number(text[text.index(after: dot)...])
        else { return nil }
        self.init(store: String(text[..<dot]), sequence: sequence)
    }

    var text: String { "\(store).\(sequence)" }

    /// Returns the number that digits spell; `nil` for another spelling than ours.
    static func number(_ text: Substring) -> Int64? {
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text),
            String(number) == text
        else { return nil }
        return number
    }
}
