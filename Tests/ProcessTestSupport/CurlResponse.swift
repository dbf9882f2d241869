package import JSONText

/// A response as received by curl.
package struct CurlResponse {
    package var status: Int
    /// Field values by lower-case name.
    package var fields: [String: String] = [:]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Parses the body.
    package func json() throws -> JSONValue {
        try JSONValue(parsing: body, limits: JSONLimits(bytes: 16 << 20))
    }
}
