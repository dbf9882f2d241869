/// The value of a member of a log line. Numbers and truth values stay what they are in JSON.
package enum LogValue: Equatable, Sendable {
    case text(String)
    case integer(Int64)
    case decimal(Double)
    case truth(Bool)

    /// Returns a number.
    package static func number(_ value: some BinaryInteger) -> LogValue { .integer(Int64(clamping: value)) }
}

extension LogValue: ExpressibleByStringInterpolation, CustomStringConvertible {
    package init(stringLiteral value: String) { self = .text(value) }

    package var description: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .decimal(let number): "\(number)"
        case .truth(let truth): "\(truth)"
        }
    }
}
