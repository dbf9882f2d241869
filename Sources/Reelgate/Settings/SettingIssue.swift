/// Where a setting was given.
enum SettingOrigin: Equatable, Sendable, CustomStringConvertible {
    case file(String, line: Int?)
    case environment(String)
    case flag(String)
    /// Nobody set it.
    case builtIn

    var description: String {
        switch self {
        case .file(let name, let line?): "\(name):\(line)"
        case .file(let name, nil): name
        case .environment(let name): name
        case .flag(let name): name
        case .builtIn: "default"
        }
    }
}

/// One thing that is wrong with the configuration: where, what, and what to do. Never quotes a secret.
struct SettingIssue: Equatable, Sendable, CustomStringConvertible {
    var origin: SettingOrigin
    /// The key with the names above it, `provider.poll.first`; empty for the file as a whole.
    var key: String
    var message: String
    var remedy: String?

    var description: String {
        let places: [String] =
            switch origin {
            case .file: ["\(origin)", key]
            // A variable and a flag name what they set.
            case .environment, .flag: ["\(origin)"]
            case .builtIn: [key]
            }
        let text = (places + [message]).filter { !$0.isEmpty }.joined(separator: ": ")
        return text + (remedy.map { "\n    \($0)" } ?? "")
    }
}

/// Every fault of a configuration at once, in the order of the file's lines.
struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    var faults: [SettingIssue]

    var description: String { faults.map(\.description).joined(separator: "\n") }
}

/// Why a value is not what its key takes.
struct BadValue: Error, Equatable {
    var message: String
    var remedy: String?

    init(_ message: String, remedy: String? = nil) {
        self.message = message
        self.remedy = remedy
    }
}
