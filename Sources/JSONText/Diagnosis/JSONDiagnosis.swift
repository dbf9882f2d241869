/// The diagnosis of a text that jansson rejected: a message and a location for its author.
struct JSONDiagnosis {
    private let bytes: [UInt8]
    private let janssonError: JanssonError
    /// The scan of the text before the byte at which jansson stopped.
    private let scan: JSONScan

    init(_ bytes: [UInt8], _ error: JanssonError) {
        self.bytes = bytes
        self.janssonError = error
        self.scan = JSONScan(bytes, upTo: min(max(error.position, 0), bytes.count))
    }

    /// The codes are those of `enum json_error_code` in jansson.h.
    var error: JSONError {
        switch janssonError.code {
        case 5: makeError(at: janssonError.position, "invalid UTF-8")
        case 6: unexpectedEnd
        case 7: makeError(at: tokenStart, "unexpected text after the JSON value")
        case 11, 13: stringError ?? makeError(at: tokenStart, "\\u0000 is not allowed")
        case 14: makeError(at: tokenStart, "duplicate member \(quoted(tokenStart))")
        case 15: makeError(at: tokenStart, "the number \(quoted(tokenStart)) is too large")
        default: stringError ?? syntaxError
        }
    }

    private func makeError(at offset: Int, _ message: String) -> JSONError {
        JSONError(at: offset, in: bytes, message: message)
    }

    private var unexpectedEnd: JSONError {
        if scan.inString, let start = scan.stringStart {
            return makeError(at: start, "unterminated string")
        }
        if scan.lastSignificant == nil { return makeError(at: 0, "the text is empty; expected JSON") }
        let kind = scan.open.last?.isObject == true ? "an object is" : "an array is"
        return makeError(at: bytes.count, "unexpected end of text: \(kind) not closed")
    }

    // MARK: Tokens

    /// The offset of the token that ends at jansson's position.
    private var tokenStart: Int {
        var start = min(max(janssonError.position - 1, 0), max(bytes.count - 1, 0))
        if bytes[start] == UInt8(ascii: "\""), let opened = scan.stringStart { return opened }
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        while start > 0, Self.isTokenByte(bytes[start]), Self.isTokenByte(bytes[start - 1]) { start -= 1 }
        return start
    }

    /// Whether a byte belongs to a literal, a number or an unquoted name.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Returns the complete token at an offset; jansson stops at the first invalid byte.
    private func token(_ start: Int) -> ArraySlice<UInt8> {
        guard Self.isTokenByte(bytes[start]) else {
            let end = max(janssonError.position, start + 1)
            return bytes[start..<min(end, bytes.count)]
        }
        return bytes[start...].prefix { Self.isTokenByte($0) }
    }

    private func quoted(_ start: Int) -> String {
        let text = String(decoding: token(start), as: UTF8.self)
        return text.count <= 40 ? text : text.prefix(40) + "…"
    }

    // MARK: Errors

    /// The error inside the last string, if jansson stopped there.
    private var stringError: JSONError? {
        guard let start = scan.stringStart, scan.inString || tokenStart == start else { return nil }
        if let error = JSONEscapes(bytes, stringAt: start).firstError { return error }
        guard scan.inString, janssonError.position < bytes.count, bytes[janssonError.position] < 0x20 else {
            return nil
        }
        let message =
            bytes[janssonError.position] == UInt8(ascii: "\n")
            ? "a line break inside a string must be written \\n"
            : "a control character inside a string must be escaped"
        return makeError(at: janssonError.position, message)
    }

    private var syntaxError: JSONError {
        let start = tokenStart
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]), start == 0 {
            return makeError(at: 0, "the text must not begin with a byte order mark")
        }
        return makeError(at: start, tokenProblem(token(start)) ?? contextProblem(at: start))
    }

    /// Returns what is wrong with a token in any context.
    private func tokenProblem(_ token: ArraySlice<UInt8>) -> String? {
        guard let first = token.first, Self.isTokenByte(first) else { return nil }
        let text = quoted(token.startIndex)
        if ["true", "false", "null"].contains(text) { return nil }
        guard JSONNumber.resembles(token) else {
            return expectsName(before: token.startIndex)
                ? nil : "\(text) is not a JSON value; strings must be in double quotes"
        }
        return JSONNumber.problem(in: token).map { "\(text) is not a JSON number: \($0)" }
    }

    private func expectsName(before start: Int) -> Bool {
        let scan = JSONScan(bytes, upTo: start)
        guard scan.open.last?.isObject == true else { return false }
        return [UInt8(ascii: "{"), UInt8(ascii: ",")].contains(scan.lastSignificant)
    }

    /// Returns what was expected at an offset, given the text before it.
    private func contextProblem(at start: Int) -> String {
        let scan = JSONScan(bytes, upTo: start)
        let found = quoted(start)
        guard let container = scan.open.last else { return "expected a JSON value, not \(found)" }
        let closing = container.isObject ? "}" : "]"
        switch scan.lastSignificant {
        case UInt8(ascii: ",") where found == closing:
            return "a comma before \(closing) is not allowed"
        case UInt8(ascii: "{"): return "expected a name in double quotes, not \(found)"
        case UInt8(ascii: ",") where container.isObject:
            return "expected a name in double quotes, not \(found)"
        case UInt8(ascii: "["), UInt8(ascii: ","), UInt8(ascii: ":"):
            return "expected a value, not \(found)"
        default: break
        }
        return container.isObject && !container.colonSeen
            ? "expected a colon, not \(found)" : "expected a comma or \(closing), not \(found)"
    }
}
