extension String {
    /// Whether both strings have the same bytes. `==` compares by canonical equivalence, which equates U+212A
    /// KELVIN SIGN and the letter K; JSON does not.
    package func isIdentical(to other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }
}
