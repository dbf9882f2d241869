/// Settings from the command line.
struct SettingsFlags: Equatable, Sendable {
    var config: String?
    var listen: String?

    init(config: String? = nil, listen: String? = nil) {
        self.config = config
        self.listen = listen
    }
}
