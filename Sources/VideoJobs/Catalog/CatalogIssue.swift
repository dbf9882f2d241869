/// One error in a catalog.
package struct CatalogIssue: Equatable, Sendable {
    /// JSON Pointer to the location, from which the reader of the file can derive the line.
    package var pointer: String
    package var message: String
    package var hint: String?

    package init(pointer: String, message: String, hint: String? = nil) {
        self.pointer = pointer
        self.message = message
        self.hint = hint
    }
}
