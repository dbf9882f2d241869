/// A file of configuration, or the copy that is built in.
struct ConfigurationText: Equatable, Sendable {
    /// As a person would name it.
    var name: String
    /// `nil` if it is built in.
    var path: String?
    var bytes: [UInt8]
}
