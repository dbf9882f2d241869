/// Text as a word of a POSIX shell's command line.
enum ShellWord {
    /// Returns the text, in single quotes if it has characters that a shell would interpret.
    static func quoted(_ text: String) -> String {
        let isPlain = text.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "-_./+,:@%=".contains($0))
        }
        return isPlain && !text.isEmpty ? text : "'\(text.replacing("'", with: #"'\''"#))'"
    }
}
