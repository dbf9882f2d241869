import HTTPServing
import HTTPWire

/// A request that a test builds.
struct TestRequest {
    var request: HTTPRequest

    private init(_ method: String, _ target: String, _ fields: [String: String], body: String? = nil) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var head = RequestHead(
            method: method, path: String(parts[0]), query: parts.count == 2 ? String(parts[1]) : nil,
            authority: fields["Host"] ?? "127.0.0.1:8031")
        if body != nil, fields["Content-Type"] == nil {
            head.fields.append("Content-Type", "application/json")
        }
        for (name, value) in fields where !value.isEmpty { head.fields.append(name, value) }
        let bytes = Array((body ?? "").utf8)
        head.contentLength = Int64(bytes.count)
        request = HTTPRequest(head: head, body: bytes, context: RequestContext(requestID: "req-1"))
    }

    static func get(_ target: String, _ fields: [String: String] = [:]) -> TestRequest {
        TestRequest("GET", target, fields)
    }

    static func head(_ target: String, _ fields: [String: String] = [:]) -> TestRequest {
        TestRequest("HEAD", target, fields)
    }

    static func post(_ target: String, _ body: String? = nil, _ fields: [String: String] = [:]) -> TestRequest
    {
        TestRequest("POST", target, fields, body: body)
    }

    static func other(
        _ method: String, _ target: String, _ fields: [String: String] = [:], body: String? = nil
    ) -> TestRequest {
        TestRequest(method, target, fields, body: body)
    }
}
