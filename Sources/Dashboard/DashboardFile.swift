/// A static file of the dashboard.
package struct DashboardFile: Sendable {
    /// The name in its URL: `main.js`.
    package let name: String
    /// The value of `Content-Type`.
    package let mediaType: String
    package let bytes: [UInt8]
}
