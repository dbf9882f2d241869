import Gateway
import GatewayProtocol
package import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

extension Problem {
    /// Returns the response: `application/problem+json` (RFC 9457) that also carries the `error` object of
    /// this API family.
    package func response(requestID: String, publicURL: String) -> HTTPResponse {
        var fields = fields
        fields.append("Content-Type", "application/problem+json")
        fields.append("Cache-Control", "no-store")
        if let retryAfter { fields.append("Retry-After", String(retryAfter)) }
        if forbidsRetry { fields.append(GatewayHeader.shouldRetry, "false") }
        if let task { fields.append("Location", Links(publicURL: publicURL).task(task.text)) }
        return HTTPResponse(status: status, fields: fields, body: .bytes(json(requestID)))
    }

    private func json(_ requestID: String) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.member(.type, "about:blank")
        writer.member(.title, title)
        writer.member(.status, status)
        writer.member(.detail, detail)
        writer.member(.requestID, requestID)
        if let task { writer.member(.taskID, task.text) }
        if let hint { writer.member(.hint, hint) }
        if let document = limit?.document {
            writer.name(.limit)
            writer.write(.object(document))
        }
        expired?.write(to: &writer)
        writer.name(.errors)
        writer.beginArray()
        for issue in issues { issue.write(to: &writer) }
        writer.endArray()
        writer.name(.error)
        writer.beginObject()
        writer.member(.message, message)
        writer.member(.type, type)
        writer.member(.code, code.rawValue)
        writer.member(.param, parameter)
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }
}

extension RequestIssue {
    /// Writes the issue as an element of `errors`.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch location {
        case .pointer(let pointer): writer.member(.pointer, pointer)
        case .queryParameter(let name): writer.member(.parameter, name)
        case .header(let name): writer.member(.header, name)
        case .none: break
        }
        writer.member(.code, code)
        writer.member(.message, message)
        if let allowed {
            writer.name(.allowed)
            writer.write(.array(allowed))
        }
        if let hint { writer.member(.hint, hint) }
        if let position {
            writer.member(.line, position.line)
            writer.member(.column, position.column)
        }
        writer.endObject()
    }
}

extension ExpiredContent {
    /// Writes what is known of the removed video, as the member `content`.
    fileprivate func write(to writer: inout JSONWriter) {
        writer.name(.content)
        writer.beginObject()
        writer.member(.contentType, result.contentType)
        writer.member(.bytes, result.bytes)
        writer.member(.sha256, result.sha256)
        writer.member(.archived, archived?.seconds)
        writer.member(.removed, removed?.seconds)
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func name(_ name: ProblemMember) { self.name(name.rawValue) }

    fileprivate mutating func member(_ name: ProblemMember, _ text: String?) { member(name.rawValue, text) }

    fileprivate mutating func member(_ name: ProblemMember, _ number: (some BinaryInteger)?) {
        member(name.rawValue, number)
    }
}
