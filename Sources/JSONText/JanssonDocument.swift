import CJansson

/// Parsing of one JSON text with jansson. The jansson document does not outlive the call.
///
/// jansson is thread-safe as long as no two threads use one document, which is confined to one call here, and
/// nothing calls `setlocale` (its number parser depends on the locale).
enum JanssonDocument {
    enum Outcome {
        case value(JSONValue)
        case failure(JanssonError)
    }

    /// Seeds the hash function of jansson's objects randomly, once, against crafted collisions of names.
    private static let seeded: Void = json_object_seed(0)

    /// Parses a text with jansson.
    static func load(_ bytes: [UInt8]) -> Outcome {
        _ = seeded
        let flags = Int(JSON_REJECT_DUPLICATES | JSON_DECODE_ANY)
        var error = json_error_t()
        let root = unsafe bytes.withUnsafeBytes { buffer -> UnsafeMutablePointer<json_t>? in
            // An empty array may have no base address, and jansson rejects null as an invalid argument.
            guard let start = buffer.baseAddress else { return unsafe json_loadb("", 0, flags, &error) }
            return unsafe json_loadb(start, buffer.count, flags, &error)
        }
        guard let root = unsafe root else {
            // jansson stores the code in the last byte of the text (`json_error_code()` in jansson.h).
            let code = Int(error.text.159)
            return .failure(JanssonError(code: code, position: Int(error.position)))
        }
        defer { unsafe json_decref(root) }
        var reals = JSONRealLexemes(bytes)
        return .value(unsafe value(of: root, &reals))
    }

    /// Converts a value. Recursive; the depth was checked before. Visits numbers in the order of the text.
    private static func value(
        of json: UnsafeMutablePointer<json_t>, _ reals: inout JSONRealLexemes
    ) -> JSONValue {
        switch unsafe json.pointee.type {
        case JSON_OBJECT: return .object(unsafe object(of: json, &reals))
        case JSON_ARRAY:
            let count = unsafe json_array_size(json)
            return .array((0..<count).map { unsafe value(of: json_array_get(json, $0), &reals) })
        case JSON_STRING:
            return .string(unsafe text(json_string_value(json), json_string_length(json)))
        case JSON_INTEGER: return .integer(unsafe json_integer_value(json))
        case JSON_REAL:
            // jansson rounds: 8.0000000000000000000000001 is not 8.
            if let integer = reals.next().flatMap({ JSONDecimal($0).integer }) { return .integer(integer) }
            return .real(unsafe json_real_value(json))
        case JSON_TRUE: return .bool(true)
        case JSON_FALSE: return .bool(false)
        case JSON_NULL: return .null
        default: preconditionFailure("jansson has no further types")
        }
    }

    private static func object(
        of json: UnsafeMutablePointer<json_t>, _ reals: inout JSONRealLexemes
    ) -> JSONObject {
        var members: [JSONObject.Member] = []
        unsafe members.reserveCapacity(json_object_size(json))
        var iterator = unsafe json_object_iter(json)
        while let position = unsafe iterator {
            let name = unsafe text(json_object_iter_key(position), json_object_iter_key_len(position))
            let value = unsafe value(of: json_object_iter_value(position), &reals)
            members.append(JSONObject.Member(name, value))
            unsafe iterator = json_object_iter_next(json, position)
        }
        return JSONObject(members)
    }

    private static func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
        unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
