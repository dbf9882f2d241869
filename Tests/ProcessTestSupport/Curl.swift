/// HTTP requests with the curl command.
package enum Curl {

    /// Sends a GET, or what the options select.
    package static func get(_ url: String, _ options: [String] = []) async throws -> CurlResponse {
        let finished = try await Tools.run(
            "curl", ["-sS", "-i", "--noproxy", "*", "--max-time", "100"] + options + [url])
        guard finished.status == 0 else { throw CurlError(status: finished.status, message: finished.errors) }
        return try response(finished.output)
    }

    /// Sends a POST with a JSON body.
    package static func post(
        _ url: String, _ body: String, _ options: [String] = []
    ) async throws -> CurlResponse {
        try await get(url, ["-H", "Content-Type: application/json", "--data-binary", body] + options)
    }

    private static func response(_ bytes: [UInt8]) throws -> CurlResponse {
        var rest = bytes[...]
        while true {
            guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else {
                throw CurlError(status: 0, message: "no head in the response")
            }
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            let words = (lines.first ?? "").split(separator: " ")
            guard words.count > 1, let status = Int(words[1]) else {
                throw CurlError(status: 0, message: "no status in the response")
            }
            rest = rest[end.upperBound...]
            if status < 200 { continue }
            return CurlResponse(status: status, fields: fields(lines.dropFirst()), body: Array(rest))
        }
    }

    private static func fields(_ lines: ArraySlice<Substring>) -> [String: String] {
        var fields: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        return fields
    }
}
