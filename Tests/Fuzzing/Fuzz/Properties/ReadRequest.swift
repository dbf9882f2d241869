@testable import HTTPWire

/// A parsed request with its collected content.
struct ReadRequest: Equatable {
    var head: RequestHead
    var content: [UInt8] = []
    /// `nil` until the end has been parsed.
    var trailers: HTTPFields?
}
