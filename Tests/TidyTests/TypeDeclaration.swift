/// The declaration of a type in a file.
struct TypeDeclaration: Equatable {
    var name: String
    /// `struct`, `class`, `enum`, `actor` or `protocol`.
    var keyword: String
    /// Whether it is `private` or `fileprivate`.
    var isPrivate: Bool
    /// Whether it is declared within another type or an extension.
    var isNested: Bool
    /// The names between the colon and the opening brace.
    var conformances: [String]
    /// From the line of the keyword to the line of the closing brace, counted from 0.
    var lines: ClosedRange<Int>

    /// Whether it counts for the rule "one primary type per file".
    var isPrimary: Bool { !isPrivate && !isNested }
}
