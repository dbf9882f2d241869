package import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

extension Problem {
    /// The answer: `application/problem+json` (RFC 9457) that also carries the `error` object of this API
    /// family.
    package func response(requestID: String, publicURL: String) -> HTTPResponse {
        var fields = fields
        fields.append("Content-Type", "application/problem+json")
        fields.append("Cache-Control", "no-store")
        if let retryAfter { fields.append("Retry-After", String(retryAfter)) }
        if forbidsRetry { fields.append("x-should-retry", "false") }
        if let task { fields.append("Location", Links(publicURL: publicURL).task(task.text)) }
        return HTTPResponse(status: status, fields: fields, body: .bytes(json(requestID)))
    }

    private func json(_ requestID: String) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.member("type", "about:blank")
        writer.member("title", title)
        writer.member("status", status)
        writer.member("detail", detail)
        writer.member("request_id", requestID)
        if let task { writer.member("task_id", task.text) }
        writer.name("errors")
        writer.beginArray()
        for fault in faults { fault.write(to: &writer) }
        writer.endArray()
        writer.name("error")
        writer.beginObject()
        writer.member("message", message)
        writer.member("type", type)
        writer.member("code", code)
        writer.member("param", parameter)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}

extension Problem.Fault {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch place {
        case .pointer(let pointer): writer.member("pointer", pointer)
        case .queryParameter(let name): writer.member("parameter", name)
        case .header(let name): writer.member("header", name)
        case .nowhere: break
        }
        writer.member("code", code)
        writer.member("message", message)
        if let allowed {
            writer.name("allowed")
            writer.write(.array(allowed))
        }
        if let hint { writer.member("hint", hint) }
        if let position {
            writer.member("line", position.line)
            writer.member("column", position.column)
        }
        writer.endObject()
    }
}

extension JSONWriter {
    /// A member that is a string, or null.
    mutating func member(_ name: String, _ text: String?) {
        self.name(name)
        if let text { string(text) } else { null() }
    }

    /// A member that is a whole number, or null.
    mutating func member(_ name: String, _ number: (some BinaryInteger)?) {
        self.name(name)
        if let number { integer(number) } else { null() }
    }
}

extension HTTPResponse {
    /// An answer in JSON.
    static func json(_ status: Int = 200, _ bytes: [UInt8], cache: String = "no-store") -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Content-Type", "application/json")
        fields.append("Cache-Control", cache)
        return HTTPResponse(status: status, fields: fields, body: .bytes(bytes))
    }
}
