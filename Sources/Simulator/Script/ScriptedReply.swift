import HTTPServing
import HTTPWire
import JSONText

/// A complete response defined by a script, byte for byte.
struct ScriptedReply: Equatable, Sendable {
    var status = 200
    var fields: [Field] = []
    var body: [UInt8] = []

    struct Field: Equatable, Sendable {
        var name: String
        var value: String
    }

    init(_ cursor: JSONCursor) throws(ScriptError) {
        for (name, member) in try cursor.members(["status", "fields", "body", "base64"]) {
            switch name {
            case "status": status = try member.integer(200...599)
            case "fields": fields = try Self.fields(member)
            case "body": body += Array(try member.string().utf8)
            default:
                guard let bytes = Base64.decode(try member.string()) else {
                    throw member.error("must be Base64")
                }
                body += bytes
            }
        }
    }

    /// Returns the response. `{{task_id}}` and `{{result_url}}` in its body are replaced by the values of the
    /// ordinary response.
    func response(inPlaceOf ordinary: HTTPResponse) -> HTTPResponse {
        var response = HTTPResponse(status: status, body: .bytes(filled(from: ordinary)))
        for field in fields { response.fields.append(field.name, field.value) }
        if !fields.contains(where: { $0.name.lowercased() == "content-type" }) {
            response.fields.append("Content-Type", "application/json")
        }
        return response
    }

    private func filled(from ordinary: HTTPResponse) -> [UInt8] {
        guard !body.ranges(of: Array("{{".utf8)).isEmpty, case .bytes(let json) = ordinary.body else {
            return body
        }
        let task = try? JSONValue(parsing: json)
        let values = [
            "{{task_id}}": task?["id"]?.string,
            "{{result_url}}": task?["results"]?.array?.first?["url"]?.string,
        ]
        var filled = body
        for (name, value) in values {
            filled.replace(Array(name.utf8), with: Array((value ?? "").utf8))
        }
        return filled
    }

    private static func fields(_ cursor: JSONCursor) throws(ScriptError) -> [Field] {
        guard let object = cursor.value.object else {
            throw cursor.error("must be an object of field values")
        }
        var fields: [Field] = []
        for member in object.members {
            let fieldCursor = JSONCursor(member.value, cursor.pointer.appending(member.name))
            guard let value = member.value.string,
                (member.name + value).utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), !member.name.isEmpty
            else { throw fieldCursor.error("must be a string without control characters") }
            fields.append(Field(name: member.name, value: value))
        }
        return fields
    }
}
