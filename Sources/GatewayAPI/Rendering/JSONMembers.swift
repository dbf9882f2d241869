import JSONText

extension JSONWriter {
    /// Writes a member that is a string, or null.
    mutating func member(_ name: String, _ text: String?) {
        self.name(name)
        if let text { string(text) } else { null() }
    }

    /// Writes a member that is a whole number, or null.
    mutating func member(_ name: String, _ number: (some BinaryInteger)?) {
        self.name(name)
        if let number { integer(number) } else { null() }
    }
}
