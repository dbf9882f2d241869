/// The reason why a text is not a valid key. Reveals nothing of the text.
package enum APIKeyError: Error, Equatable, CustomStringConvertible {
    case empty
    case tooLong(limit: Int)
    case unprintable

    package var description: String {
        switch self {
        case .empty: "The provider's key is empty: write the key to its file or variable."
        case .tooLong(let limit):
            "The provider's key is longer than \(limit) bytes: check that it is the right file."
        case .unprintable:
            "The provider's key contains a space, a line end or a non-ASCII character: provide the key alone."
        }
    }
}
