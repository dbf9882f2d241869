import HTTPServing
import HTTPWire

extension HTTPResponse {
    /// A response in JSON that caches must not keep.
    static func json(_ bytes: [UInt8]) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Content-Type", "application/json")
        fields.append("Cache-Control", "no-store")
        return HTTPResponse(status: 200, fields: fields, body: .bytes(bytes))
    }
}
