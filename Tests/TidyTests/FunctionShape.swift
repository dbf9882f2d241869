/// The size of a function or initializer in a file.
struct FunctionShape {
    /// Counted from 0.
    var line: Int
    var isInitializer: Bool
    var parameters: Int
    /// Lines between the braces; 0 for a requirement of a protocol.
    var bodyLines: Int
    /// Braces within braces that span lines; 1 for an `if` in a function.
    var nesting: Int
}
