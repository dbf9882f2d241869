/// The source of a setting.
enum SettingOrigin: Equatable, Sendable, CustomStringConvertible {
    case file(String, line: Int?)
    case environment(String)
    case flag(String)
    /// The default.
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
