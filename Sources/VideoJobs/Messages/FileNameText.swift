/// Text of a client made safe as part of a file's name.
package enum FileNameText {
    /// Returns the text with letters, digits, and `-`, `_` or `.` inside only, so that it can neither name a
    /// folder nor hide a file; empty if nothing is left.
    ///
    /// - Parameters:
    ///   - length: The most characters.
    ///   - isASCII: Whether only letters and digits of ASCII are kept.
    package static func safe(_ text: String, length: Int, isASCII: Bool = false) -> String {
        var name = ""
        for character in text {
            let isKept = character.isLetter || character.isNumber || character == "_"
            if isKept && (!isASCII || character.isASCII) {
                name.append(character)
            } else if character == ".", !name.isEmpty, !name.hasSuffix("-") {
                name.append(character)
            } else if !name.isEmpty, !name.hasSuffix("-") {
                name.append("-")
            }
        }
        var cut = name.prefix(length)
        while let last = cut.last, last == "-" || last == "." { cut.removeLast() }
        return String(cut)
    }
}
