import JSONText

/// A parsed configuration file: its value, and the line of each part.
struct SettingsFile {
    /// The name for messages: the given path, or `built-in reelgate.yaml`.
    var name: String
    var value: JSONValue
    /// Returns the line, from 1, of a JSON Pointer's target.
    var line: (String) -> Int?
}
