import JSONText

extension JSONWriter {
    mutating func member(_ name: String, _ text: String) {
        self.name(name)
        string(text)
    }

    mutating func member(_ name: String, _ number: Int) {
        self.name(name)
        integer(number)
    }

    mutating func member(_ name: String, orNull text: String?) {
        self.name(name)
        if let text { string(text) } else { null() }
    }
}
