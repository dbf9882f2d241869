internal import CCurl

/// The content coding of a response, and whether libcurl can decode it.
struct ContentCoding: Equatable {
    /// The codings in order of application, lowercase; empty for `identity`.
    private(set) var names: [String] = []

    /// Parses all `Content-Encoding` fields of a response.
    init(_ fields: [(name: String, value: String)]) {
        for field in fields where field.name.lowercased() == "content-encoding" {
            for name in field.value.split(separator: ",") {
                let name = name.trimmingBlanks.lowercased()
                if !name.isEmpty, name != "identity", name != "none" { names.append(name) }
            }
        }
    }

    /// Whether libcurl can decode all codings. `Content-Encoding: utf-8` occurs in practice but is not a
    /// coding.
    var isReadable: Bool { names.allSatisfy { Self.readable.contains($0) } }

    /// The codings that this libcurl supports.
    private static let readable: Set<String> = {
        let features = reel_features()
        var names: Set<String> = []
        if features & CURL_VERSION_LIBZ != 0 { names.formUnion(["deflate", "gzip", "x-gzip"]) }
        if features & CURL_VERSION_BROTLI != 0 { names.insert("br") }
        if features & CURL_VERSION_ZSTD != 0 { names.insert("zstd") }
        return names
    }()
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
