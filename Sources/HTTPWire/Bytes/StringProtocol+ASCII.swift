extension StringProtocol {
    /// Whether every character is a visible ASCII character: no space, no control character.
    package var isVisibleASCII: Bool { utf8.allSatisfy { (0x21...0x7E).contains($0) } }
}
