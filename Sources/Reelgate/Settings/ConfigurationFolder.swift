/// The default location of the configuration: `Config/` in a folder, else the built-in copies.
struct ConfigurationFolder {
    /// Prefix for relative paths; empty for the working directory.
    var prefix: String

    static let working = ConfigurationFolder(prefix: "")

    private static let bytesMax = 1 << 20

    /// Returns the file given by the flag or `REELGATE_CONFIG`, else `Config/reelgate.yaml` if it exists,
    /// else the built-in copy.
    func settingsText(
        flags: SettingsFlags, environment: [String: String]
    ) throws(SettingsError) -> ConfigurationText {
        if let path = flags.config { return try read(path, namedBy: .flag("--config")) }
        if let path = environment["REELGATE_CONFIG"], !path.isEmpty {
            return try read(path, namedBy: .environment("REELGATE_CONFIG"))
        }
        let usual = "Config/reelgate.yaml"
        if LocalFile.exists(prefix + usual) { return try read(prefix + usual, namedBy: .builtIn) }
        return ConfigurationText(
            name: "built-in reelgate.yaml", path: nil, bytes: PackageResources.reelgate_yaml)
    }

    /// Returns `models.yaml` beside the settings file if it exists, else the built-in copy.
    func catalogText(beside settings: ConfigurationText) throws(SettingsError) -> ConfigurationText {
        if let path = settings.path {
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
            let beside = folder + "models.yaml"
            if LocalFile.exists(String(beside)) { return try read(String(beside), namedBy: .builtIn) }
        }
        return ConfigurationText(name: "built-in models.yaml", path: nil, bytes: PackageResources.models_yaml)
    }

    private func read(
        _ path: String, namedBy origin: SettingOrigin
    ) throws(SettingsError) -> ConfigurationText {
        do {
            return ConfigurationText(
                name: path, path: path, bytes: try LocalFile.read(path, limit: Self.bytesMax))
        } catch {
            let issue = SettingIssue(origin: origin, key: "", message: "\(path): \(error.message)")
            throw SettingsError(issues: [issue])
        }
    }
}
