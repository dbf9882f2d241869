/// Why a high-water mark could not be written.
package struct HighWaterMarkError: Error, Equatable, Sendable {
    package var message: String

    package init(_ message: String) { self.message = message }
}
