/// The text of a configuration file, or of its built-in copy.
struct ConfigurationText: Equatable, Sendable {
    /// The name for messages.
    var name: String
    /// `nil` for the built-in copy.
    var path: String?
    var bytes: [UInt8]
}
