/// The provider's ID of a task.
package struct ProviderTaskID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }

    /// Creates an ID from operator input: 1 to 256 characters of visible ASCII. Returns `nil` for anything
    /// else.
    package init?(validating text: String) {
        guard (1...256).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.text = text
    }

    package var description: String { text }
}
