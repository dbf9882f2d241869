/// Rewrites the program's arguments so that ArgumentParser treats an option's value as a value, whatever its
/// text.
///
/// Options take the next argument unconditionally. Three cases need rewriting: an empty value after `=`, a
/// value that is `--` or begins with `---` or `-=`, and `--reference`, which takes several values and ends at
/// the next option.
enum CommandArguments {
    private static let listed = "--reference"
    /// Options with one value, of all commands.
    private static let valued: Set<String> = [
        "--prompt", "--model", "--aspect-ratio", "--duration", "--resolution", "--safety-tolerance",
        "--person-generation", "--reference-type", "--field", "--output", "--idempotency-key", "--gateway",
        "--state", "--status", "--limit", "--config", "--listen", "--task-seconds", "--script",
        "--certificate", "--key", "--token-file", "--role", "--rpm", "--in-flight", "--jobs-per-day",
        "--budget-usd", "--per", "--weight", "--overlap",
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
            } else if let value = rest.first, requiresJoining(value, to: argument) {
                result.append("\(argument)=\(value)")
                rest.removeFirst()
            } else {
                result.append(argument)
                // An option's value is not an option itself.
                if valued.contains(argument), let value = rest.popFirst() { result.append(value) }
            }
        }
        return result
    }

    private static func requiresJoining(_ value: String, to option: String) -> Bool {
        if isMisread(value) { return valued.contains(option) || option == listed }
        return option == listed && resemblesOption(value)
    }

    /// Returns whether ArgumentParser would treat a value as the terminator or as an option without a name.
    private static func isMisread(_ value: String) -> Bool {
        value == "--" || value.hasPrefix("---") || value.hasPrefix("-=")
    }

    private static func resemblesOption(_ text: String) -> Bool {
        guard text.hasPrefix("-"), text != listed else { return false }
        let name = String(text.prefix { $0 != "=" })
        return !valued.contains(name) && !flags.contains(name)
    }
}
