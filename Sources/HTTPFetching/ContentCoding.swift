internal import CCurl

/// Which content codings (RFC 9110 §8.4.1) a request allows in its response.
///
/// A request without `Accept-Encoding` allows every coding there is (§12.5.3), so each request names those
/// that can be read.
package enum ContentCodingPreference: Sendable {
    /// Every coding that this libcurl decodes.
    case readable
    /// None; a coding that comes regardless is decoded. For media, which gain nothing from a coding.
    case identity
    /// None, and the bytes stay as they come. For responses whose `Content-Encoding` does not describe them.
    case undecoded
}

/// What a `Content-Encoding` field says of a response, and whether libcurl can undo it.
struct ContentCoding: Equatable {
    /// The codings in the order in which they were applied, lower case; none for `identity`.
    private(set) var names: [String] = []

    /// Reads all `Content-Encoding` fields of a response.
    init(_ fields: [(name: String, value: String)]) {
        for field in fields where field.name.lowercased() == "content-encoding" {
            for name in field.value.split(separator: ",") {
                let name = name.trimmingBlanks.lowercased()
                if !name.isEmpty, name != "identity", name != "none" { names.append(name) }
            }
        }
    }

    /// Whether libcurl decodes all of it. `Content-Encoding: utf-8` is seen in the wild, and is no coding.
    var isReadable: Bool { names.allSatisfy { Self.readable.contains($0) } }

    /// The codings that this libcurl was built with.
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
