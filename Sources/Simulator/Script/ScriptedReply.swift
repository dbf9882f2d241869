import HTTPServing
import HTTPWire
import JSONText

/// A complete response defined by a script, byte for byte except for its variables.
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

    /// Returns the response, with the variables in its body and fields replaced.
    func response(filledWith variables: ReplyVariables) -> HTTPResponse {
        var response = HTTPResponse(status: status, body: .bytes(variables.fill(body)))
        for field in fields { response.fields.append(field.name, variables.fill(field.value)) }
        if !fields.contains(where: { $0.name.lowercased() == "content-type" }) {
            response.fields.append("Content-Type", "application/json")
        }
        return response
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
