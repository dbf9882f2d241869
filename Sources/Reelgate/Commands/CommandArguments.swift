/// The program's arguments, written so that ArgumentParser takes an option's value for a value, whatever text
/// it is.
///
/// Options take the next argument unconditionally. Three cases remain: an empty text behind `=`, a value
/// that is `--` or begins with `---` or `-=`, and `--reference`, which takes several values and ends at the
/// next option.
enum CommandArguments {
    private static let listed = "--reference"
    /// The options of all commands that take one value.
    private static let valued: Set<String> = [
        "--prompt", "--model", "--aspect-ratio", "--duration", "--resolution", "--safety-tolerance",
        "--person-generation", "--reference-type", "--field", "--output", "--idempotency-key", "--gateway",
        "--state", "--status", "--limit", "--config", "--listen", "--task-seconds", "--script",
        "--certificate", "--key",
    ]
    private static let flags: Set<String> = [
        "--wait", "--generate-audio", "--no-generate-audio", "--auto-fix", "--no-auto-fix",
        "--enhance-prompt", "--no-enhance-prompt", "--help", "-h", "--version", "--",
    ]

    /// Rewrites `--reference -x` to `--reference=-x`, `--prompt --` to `--prompt=--`, and `--prompt=` to
    /// `--prompt ""`.
    static func normalized(_ arguments: [String]) -> [String] {
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" { return result + [argument] + rest }
            if argument.hasSuffix("="), valued.contains(String(argument.dropLast())) {
                result += [String(argument.dropLast()), ""]
            } else if let value = rest.first, mustBeJoined(value, to: argument) {
                result.append("\(argument)=\(value)")
                rest.removeFirst()
            } else {
                result.append(argument)
                // The value of an option is not an option itself.
                if valued.contains(argument), let value = rest.popFirst() { result.append(value) }
            }
        }
        return result
    }

    private static func mustBeJoined(_ value: String, to option: String) -> Bool {
        if isMisread(value) { return valued.contains(option) || option == listed }
        return option == listed && onlyLooksLikeOption(value)
    }

    /// Whether ArgumentParser takes a value for the end of all options, or for an option without a name.
    private static func isMisread(_ value: String) -> Bool {
        value == "--" || value.hasPrefix("---") || value.hasPrefix("-=")
    }

    private static func onlyLooksLikeOption(_ text: String) -> Bool {
        guard text.hasPrefix("-"), text != listed else { return false }
        let name = String(text.prefix { $0 != "=" })
        return !valued.contains(name) && !flags.contains(name)
    }
}
