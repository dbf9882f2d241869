/// Checks whether a request can be sent as intended.
enum RequestRules {
    /// Returns what is wrong with a request, quoting nothing of it; `nil` if it is valid.
    static func violation(in request: FetchRequest) -> String? {
        if !isToken(request.method) { return "the method is no token" }
        if !isURLText(request.url) { return "the URL is empty or holds a space or control character" }
        if request.unixSocket?.utf8.contains(0) == true { return "the socket's path holds a NUL" }
        for field in request.fields {
            guard isToken(field.name) else { return "a field's name is no token" }
            // RFC 9110 §5.5: CR, LF and NUL would end or split the field.
            guard field.value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                return "the field \(field.name) holds a control character"
            }
            guard !framing.contains(field.name.lowercased()) else {
                return "the field \(field.name) is libcurl's to write"
            }
        }
        return nil
    }

    /// RFC 9112 §6: conflicting message lengths enable request smuggling.
    private static let framing: Set<String> = ["content-length", "transfer-encoding", "expect", "connection"]

    private static func isURLText(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains($0)
                }
            }
    }
}
