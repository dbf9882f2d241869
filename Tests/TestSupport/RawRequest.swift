/// A received request.
package struct RawRequest: Sendable {
    package var head: String
    package var body: [UInt8]

    package var method: String { String(head.prefix { $0 != " " }) }
    package var target: String { String(head.split(separator: " ", maxSplits: 2)[1]) }
    package var lines: [String] { head.split(separator: "\r\n").map(String.init) }
}
