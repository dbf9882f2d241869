import HTTPWire

/// The token in a request's `Authorization` (RFC 6750 §2.1), valid or not.
struct BearerToken: Sendable {
    let bytes: ArraySlice<UInt8>

    private static let scheme = "bearer "

    /// `nil` unless there is one field with the scheme `Bearer`, whose case does not matter (RFC 9110 §11.1).
    init?(_ head: RequestHead) {
        guard let value = head.fields.singleBytes("Authorization"), let token = Self.token(in: value) else {
            return nil
        }
        bytes = token
    }

    /// Returns the bytes after the scheme.
    private static func token(in value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var place = value.startIndex
        for byte in scheme.utf8 {
            guard place < value.endIndex, value[place] | 0x20 == byte else { return nil }
            place += 1
        }
        while place < value.endIndex, value[place] == UInt8(ascii: " ") { place += 1 }
        return place < value.endIndex ? value[place...] : nil
    }
}
