/// One label of a series.
package struct MetricLabel: Hashable, Sendable {
    package let name: String
    /// Any text; the renderer escapes it.
    package let value: String

    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}
