internal import HTTPWire

/// A response that is rendered once and sent many times: a request that gets it copies one reference.
package final class PreparedResponse: Sendable {
    package let response: HTTPResponse
    /// The head as HTTP/1.1 begins it, without what differs between requests.
    private let headStart: [UInt8]
    /// The content; empty if there is none.
    let content: [UInt8]

    /// - Parameter response: Traps if its content is not in memory, or if it has a fault of the simulator.
    package init(_ response: HTTPResponse) {
        precondition(
            response.cutAfter == nil && response.throttle == nil, "a prepared response is sent whole")
        switch response.body {
        case .none: content = []
        case .bytes(let bytes): content = bytes
        case .file, .stream: preconditionFailure("a prepared response has its content in memory")
        }
        self.response = response
        headStart = HTTP1Writer.headStart(response.status, response.fields, response.framing)
    }

    /// Appends the head in HTTP/1.1 format; returns its length.
    func writeHead(date: [UInt8], requestID: String, closes: Bool, into output: inout [UInt8]) -> Int {
        let start = output.count
        output.append(contentsOf: headStart)
        HTTP1Writer.appendEnd(date: date, requestID: requestID, closes: closes, to: &output)
        return output.count - start
    }
}
