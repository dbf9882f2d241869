package import JSONText

/// One answer as curl received it.
package struct CurlAnswer {
    package var status: Int
    /// Names in lower case.
    package var fields: [String: String] = [:]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    package func json() throws -> JSONValue {
        try JSONValue(parsing: body, limits: JSONLimits(bytes: 16 << 20))
    }
}

/// HTTP by a program that we did not write.
package enum Curl {
    package struct Failure: Error { var status: CInt, message: String }

    package static func get(_ url: String, _ options: [String] = []) async throws -> CurlAnswer {
        let finished = try await Tools.run(
            "curl", ["-sS", "-i", "--noproxy", "*", "--max-time", "100"] + options + [url])
        guard finished.status == 0 else { throw Failure(status: finished.status, message: finished.errors) }
        return try answer(finished.output)
    }

    package static func post(
        _ url: String, _ body: String, _ options: [String] = []
    ) async throws -> CurlAnswer {
        try await get(url, ["-H", "Content-Type: application/json", "--data-binary", body] + options)
    }

    private static func answer(_ bytes: [UInt8]) throws -> CurlAnswer {
        var rest = bytes[...]
        while true {
            guard let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) else {
                throw Failure(status: 0, message: "no head in the answer")
            }
            let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
            let message = (lines.first ?? "").split(separator: " ")
            guard message.count > 1, let status = Int(message[1]) else {
                throw Failure(status: 0, message: "no status in the answer")
            }
            rest = rest[end.upperBound...]
            if status < 200 { continue }
            return CurlAnswer(status: status, fields: fields(lines.dropFirst()), body: Array(rest))
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
