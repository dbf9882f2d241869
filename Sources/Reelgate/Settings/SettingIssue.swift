/// An issue of the configuration: source, problem and remedy. Never quotes a secret.
struct SettingIssue: Equatable, Sendable, CustomStringConvertible {
    var origin: SettingOrigin
    /// The full key, such as `provider.poll.first`; empty for the file as a whole.
    var key: String
    var message: String
    var remedy: String?

    var description: String {
        let places: [String] =
            switch origin {
            case .file: ["\(origin)", key]
            // A variable or flag identifies its setting.
            case .environment, .flag: ["\(origin)"]
            case .builtIn: [key]
            }
        let text = (places + [message]).filter { !$0.isEmpty }.joined(separator: ": ")
        return text + (remedy.map { "\n    \($0)" } ?? "")
    }
}
