/// The first characters of a prompt, by which people recognise a task. Part of the log only where
/// `log.prompts` asks for it.
package struct PromptBeginning: Equatable, Sendable {
    /// The most characters.
    package static let charactersMax = 200
    /// The most Unicode scalars: a character may consist of any number of them.
    private static let scalarsMax = 1_000

    package let text: String

    /// Cuts a prompt between two characters.
    package init(of prompt: String) {
        let scalars = prompt.unicodeScalars
        var beginning = String(scalars.prefix(Self.scalarsMax))
        // The last character may continue.
        if beginning.unicodeScalars.count < scalars.count, beginning.count > 1 { beginning.removeLast() }
        text = String(beginning.prefix(Self.charactersMax))
    }

    /// Makes the beginning that a store holds.
    package init(stored text: String) { self.text = text }
}
