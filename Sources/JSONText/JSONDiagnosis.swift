/// Turns jansson's objection into words and a place for whoever wrote the text.
///
/// Only for text that jansson refused.
struct JSONDiagnosis {
    private let bytes: [UInt8]
    private let failure: JanssonDocument.Failure
    /// What stands before the byte where jansson stopped.
    private let scan: JSONScan

    init(_ bytes: [UInt8], _ failure: JanssonDocument.Failure) {
        self.bytes = bytes
        self.failure = failure
        self.scan = JSONScan(bytes, upTo: min(max(failure.position, 0), bytes.count))
    }

    /// The codes are those of `enum json_error_code` in jansson.h.
    var fault: JSONError {
        switch failure.code {
        case 5: fault(at: failure.position, "this is no valid UTF-8")
        case 6: earlyEnd
        case 7: fault(at: tokenStart, "there is more text after the end of the JSON value")
        case 11, 13: stringFault ?? fault(at: tokenStart, "\\u0000 is not allowed")
        case 14: fault(at: tokenStart, "the member \(quoted(tokenStart)) stands twice in the same object")
        case 15: fault(at: tokenStart, "the number \(quoted(tokenStart)) is too large")
        default: stringFault ?? syntaxFault
        }
    }

    private func fault(at offset: Int, _ message: String) -> JSONError {
        JSONError(at: offset, in: bytes, message: message)
    }

    private var earlyEnd: JSONError {
        if scan.inString, let start = scan.stringStart {
            return fault(at: start, "this string is never closed")
        }
        if scan.lastSignificant == nil { return fault(at: 0, "the text is empty; JSON is expected") }
        let kind = scan.open.last?.isObject == true ? "an object is" : "an array is"
        return fault(at: bytes.count, "the text ends too early: \(kind) not closed")
    }

    // MARK: Tokens

    /// Where the token that ends at jansson's position begins.
    private var tokenStart: Int {
        var start = min(max(failure.position - 1, 0), max(bytes.count - 1, 0))
        if bytes[start] == UInt8(ascii: "\""), let opened = scan.stringStart { return opened }
        while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        while start > 0, Self.isWord(bytes[start]), Self.isWord(bytes[start - 1]) { start -= 1 }
        return start
    }

    /// Letters, digits and what numbers are made of.
    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// The whole token at a place, shortened: jansson stops at the first byte that it dislikes.
    private func token(_ start: Int) -> ArraySlice<UInt8> {
        guard Self.isWord(bytes[start]) else {
            let end = max(failure.position, start + 1)
            return bytes[start..<min(end, bytes.count)]
        }
        return bytes[start...].prefix { Self.isWord($0) }
    }

    private func quoted(_ start: Int) -> String {
        let text = String(decoding: token(start), as: UTF8.self)
        return text.count <= 40 ? text : text.prefix(40) + "…"
    }

    // MARK: What is wrong

    /// A fault inside the last string, if that is where jansson stopped.
    private var stringFault: JSONError? {
        guard let start = scan.stringStart, scan.inString || tokenStart == start else { return nil }
        if let fault = JSONEscapes(bytes, stringAt: start).firstFault { return fault }
        guard scan.inString, failure.position < bytes.count, bytes[failure.position] < 0x20 else {
            return nil
        }
        let message =
            bytes[failure.position] == UInt8(ascii: "\n")
            ? "a line break inside a string must be written \\n"
            : "a control character inside a string must be escaped"
        return fault(at: failure.position, message)
    }

    private var syntaxFault: JSONError {
        let start = tokenStart
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]), start == 0 {
            return fault(at: 0, "the text must not begin with a byte order mark")
        }
        return fault(at: start, wordFault(token(start)) ?? placeFault(before: start))
    }

    /// What is wrong with a word wherever it stands.
    private func wordFault(_ word: ArraySlice<UInt8>) -> String? {
        guard let first = word.first, Self.isWord(first) else { return nil }
        let text = quoted(word.startIndex)
        if ["true", "false", "null"].contains(text) { return nil }
        guard JSONNumber.looksLikeOne(word) else {
            return expectsName(before: word.startIndex)
                ? nil : "\(text) is no JSON value; strings stand in double quotes"
        }
        return JSONNumber.fault(word).map { "\(text) is no JSON number: \($0)" }
    }

    private func expectsName(before start: Int) -> Bool {
        let scan = JSONScan(bytes, upTo: start)
        guard scan.open.last?.isObject == true else { return false }
        return [UInt8(ascii: "{"), UInt8(ascii: ",")].contains(scan.lastSignificant)
    }

    /// What should have stood at a place, by what stands before it.
    private func placeFault(before start: Int) -> String {
        let scan = JSONScan(bytes, upTo: start)
        let here = quoted(start)
        guard let container = scan.open.last else { return "a JSON value is expected, not \(here)" }
        let closing = container.isObject ? "}" : "]"
        switch scan.lastSignificant {
        case UInt8(ascii: ",") where here == closing:
            return "the comma before this \(closing) is one too many"
        case UInt8(ascii: "{"): return "a name in double quotes is expected, not \(here)"
        case UInt8(ascii: ",") where container.isObject:
            return "a name in double quotes is expected, not \(here)"
        case UInt8(ascii: "["), UInt8(ascii: ","), UInt8(ascii: ":"):
            return "a value is expected, not \(here)"
        default: break
        }
        return container.isObject && !container.colonSeen
            ? "a colon is expected, not \(here)" : "a comma or \(closing) is expected, not \(here)"
    }
}
