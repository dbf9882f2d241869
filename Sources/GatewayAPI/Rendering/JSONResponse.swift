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

    /// A response in comma-separated values that caches must not keep.
    static func csv(_ bytes: [UInt8]) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Content-Type", "text/csv; charset=utf-8")
        fields.append("Cache-Control", "no-store")
        return HTTPResponse(status: 200, fields: fields, body: .bytes(bytes))
    }
}
