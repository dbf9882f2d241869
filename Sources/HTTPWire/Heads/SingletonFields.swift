/// Fields with a single value (RFC 9110 §5.3): a second line makes the request ambiguous. `Host` and
/// `Content-Length` are checked where their values are parsed.
struct SingletonFields: OptionSet, Sendable {
    let rawValue: UInt8

    static let contentType = SingletonFields(rawValue: 1)
    static let authorization = SingletonFields(rawValue: 2)
    static let idempotencyKey = SingletonFields(rawValue: 4)

    /// Records a field; throws if it occurred before.
    mutating func record(_ field: SingletonFields) throws(MessageError) {
        guard insert(field).inserted else { throw .malformed("there must be only one \(field.name) field") }
    }

    private var name: String {
        switch self {
        case .contentType: "Content-Type"
        case .authorization: "Authorization"
        default: "Idempotency-Key"
        }
    }
}
