/// The limits of a JSON text.
package struct JSONLimits: Equatable, Sendable {
    /// The maximum length in bytes.
    package var bytes: Int
    /// The maximum nesting depth of arrays and objects.
    package var depth: Int

    package init(bytes: Int = 1 << 20, depth: Int = 32) {
        self.bytes = bytes
        self.depth = depth
    }
}
