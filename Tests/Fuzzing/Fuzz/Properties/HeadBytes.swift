@testable import HTTPWire

/// An independent check of the bytes of an accepted head: nothing in it is ambiguous (request smuggling).
enum HeadBytes {
    static func check(_ bytes: ArraySlice<UInt8>, _ head: RequestHead) throws(PropertyError) {
        let lines = try lines(Array(bytes))
        try require(bytes.count >= 16, "no request is that short")
        var names: [String] = []
        for line in lines.dropFirst() {
            try require(line.first != 0x20 && line.first != 0x09, "a folded line was accepted")
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            try require(name.count < line.count && name.last != 0x20, "a line has no clear name")
            names.append(String(decoding: name, as: UTF8.self).lowercased())
        }
        let lengths = names.count { $0 == "content-length" }
        let codings = names.count { $0 == "transfer-encoding" }
        try require(lengths <= 1 && (lengths == 0 || codings == 0), "two lengths were accepted")
        try require((head.contentLength == nil) == (codings > 0), "the transfer coding was ignored")
        try require(names.count { $0 == "host" } <= 1, "two hosts were accepted")
        try require(names.contains("host") || head.isHTTP10, "no host was accepted")
    }

    /// Returns the lines up to the empty one; requires that CR and LF occur only as CRLF.
    private static func lines(_ bytes: [UInt8]) throws(PropertyError) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x0d: try require(bytes[index...].dropFirst().first == 0x0a, "a bare CR was accepted")
            case 0x0a:
                try require(index > 0 && bytes[index - 1] == 0x0d, "a bare LF was accepted")
                lines.append([])
            default:
                try require(byte == 0x09 || byte >= 0x20 && byte != 0x7f, "a control byte was accepted")
                lines[lines.count - 1].append(byte)
            }
        }
        return lines.drop { $0.isEmpty }.filter { !$0.isEmpty }
    }
}
