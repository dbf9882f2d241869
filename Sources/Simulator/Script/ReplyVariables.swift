import HTTPServing
import HTTPWire
import JSONText

/// The variables of a scripted reply: `{{name}}`, or `{{name|filter}}` for an encoded value; up to four
/// filters are applied in order.
///
/// `task_id` and `result_url` are values of the ordinary response. `authorization` and `key` are the
/// request's `Authorization` and its Bearer key, for a provider that reflects what it received.
struct ReplyVariables {
    /// An encoding of a value.
    enum Filter: String {
        case base64
        /// Lowercase hexadecimal.
        case hex
        /// Percent-encoding of all but unreserved characters (RFC 3986 §2.3).
        case percent
        case reversed
        /// A colon after each second character but the last.
        case colons
        /// A line break in the middle.
        case broken
        /// A zero-width space after each character but the last.
        case zeroWidth = "zero_width"
    }

    private static let filtersMax = 4

    private static let opening = Array("{{".utf8)
    private static let closing = Array("}}".utf8)

    private let values: [String: String]

    /// - Parameter ordinary: the response without the script.
    init(_ ordinary: HTTPResponse, to head: RequestHead) {
        var values: [String: String] = [:]
        if case .bytes(let json) = ordinary.body, let task = try? JSONValue(parsing: json) {
            values["task_id"] = task["id"]?.string
            values["result_url"] = task["results"]?.array?.first?["url"]?.string
        }
        values["authorization"] = head.fields["Authorization"]
        values["key"] = head.bearerKey.map(String.init)
        self.values = values
    }

    /// Returns a text with its variables replaced; those without a value are empty. Other names are left
    /// unchanged.
    func fill(_ text: [UInt8]) -> [UInt8] {
        var filled: [UInt8] = []
        var rest = text[...]
        while let start = rest.firstRange(of: Self.opening),
            let end = rest[start.upperBound...].firstRange(of: Self.closing)
        {
            let name = String(decoding: rest[start.upperBound..<end.lowerBound], as: UTF8.self)
            guard let value = value(of: name) else {
                filled += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                continue
            }
            filled += rest[..<start.lowerBound] + value
            rest = rest[end.upperBound...]
        }
        return filled + rest
    }

    /// Returns a text with its variables replaced.
    func fill(_ text: String) -> String { String(decoding: fill(Array(text.utf8)), as: UTF8.self) }

    private func value(of name: String) -> [UInt8]? {
        let parts = name.split(separator: "|", omittingEmptySubsequences: false)
        let filters = parts.dropFirst().map { Filter(rawValue: String($0)) }
        guard filters.count <= Self.filtersMax,
            ["task_id", "result_url", "authorization", "key"].contains(parts[0])
        else { return nil }
        let value: [UInt8]? = Array((values[String(parts[0])] ?? "").utf8)
        return filters.reduce(value) { value, filter in
            value.flatMap { value in filter.map { $0.encode(value) } }
        }
    }
}

extension ReplyVariables.Filter {
    fileprivate func encode(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .base64: Base64.encode(bytes)
        case .hex: bytes.flatMap(Self.hex)
        case .percent:
            bytes.flatMap { byte in
                let isUnreserved = UnicodeScalar(byte).properties.isAlphabetic && byte < 0x80
                return isUnreserved || "0123456789-._~".utf8.contains(byte)
                    ? [byte] : [UInt8(ascii: "%")] + Self.hex(byte)
            }
        case .reversed: bytes.reversed()
        case .colons: Self.join(bytes, ":") { $0 % 2 == 0 }
        case .broken: Self.join(bytes, "\n") { $0 == bytes.count / 2 }
        case .zeroWidth: Self.join(bytes, "\u{200B}") { _ in true }
        }
    }

    /// Puts a separator before the bytes at some indices, but not before the first.
    private static func join(
        _ bytes: [UInt8], _ separator: String, before isSeparated: (Int) -> Bool
    ) -> [UInt8] {
        bytes.enumerated().flatMap { $0 > 0 && isSeparated($0) ? Array(separator.utf8) + [$1] : [$1] }
    }

    private static func hex(_ byte: UInt8) -> [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}

extension RequestHead {
    /// The Bearer key; `nil` if it is missing or empty.
    var bearerKey: Substring? {
        guard let value = fields["Authorization"], value.prefix(7).lowercased() == "bearer " else {
            return nil
        }
        let key = value.dropFirst(7).drop { $0 == " " }
        return key.isEmpty ? nil : key
    }
}
