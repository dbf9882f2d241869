import HTTPServing
import HTTPWire
import JSONText

/// A whole reply as a script writes it, byte for byte.
struct ScriptedReply: Equatable, Sendable {
    var status = 200
    var fields: [Field] = []
    var body: [UInt8] = []

    struct Field: Equatable, Sendable {
        var name: String
        var value: String
    }

    init(_ place: JSONCursor) throws(ScriptError) {
        for (name, member) in try place.members(["status", "fields", "body", "base64"]) {
            switch name {
            case "status": status = try member.integer(200...599)
            case "fields": fields = try Self.fields(member)
            case "body": body += Array(try member.text().utf8)
            default:
                guard let bytes = Base64.decode(try member.text()) else {
                    throw member.fault("must be base64")
                }
                body += bytes
            }
        }
    }

    /// The reply; in its body `{{task_id}}` and `{{result_url}}` stand for what the ordinary reply says.
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

    private static func fields(_ place: JSONCursor) throws(ScriptError) -> [Field] {
        guard let object = place.value.object else { throw place.fault("must be an object of field values") }
        var fields: [Field] = []
        for member in object.members {
            let here = JSONCursor(member.value, place.pointer.appending(member.name))
            guard let value = member.value.string,
                (member.name + value).utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), !member.name.isEmpty
            else { throw here.fault("must be a text without control characters") }
            fields.append(Field(name: member.name, value: value))
        }
        return fields
    }
}

/// Bytes as text (RFC 4648 §4).
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The bytes of a text; `nil` if it is no base64. Padding may be missing.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (0, 0)
        for digit in text.utf8 where digit != UInt8(ascii: "=") {
            guard let value = alphabet.firstIndex(of: digit) else { return nil }
            bits = (bits << 6 | value) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        return bytes
    }
}
