import HTTPServing
import HTTPWire
import JSONText

/// A response, with accessors for its JSON members.
struct TestResponse: Sendable {
    let response: HTTPResponse

    init(_ response: HTTPResponse) { self.response = response }

    var status: Int { response.status }
    subscript(field: String) -> String? { response.fields[field] }

    var text: String {
        switch response.body {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .none: ""
        case .stream: "stream"
        case .file(let file, let offset, let length): "file \(-file.fileDescriptor)[\(offset)..+\(length)]"
        }
    }

    var json: JSONValue? { try? JSONValue(parsing: Array(text.utf8)) }

    /// The member `error.code`, where SDKs read it.
    var code: String? { json?["error"]?["code"]?.string }
    var task: String? { json?["id"]?.string ?? json?["task_id"]?.string }
    var state: String? { json?["gateway"]?["state"]?.string }
    /// What decides about a retry: status, code and x-should-retry.
    var verdict: String { "\(status) \(code ?? "-") \(self["x-should-retry"] ?? "-")" }
}
