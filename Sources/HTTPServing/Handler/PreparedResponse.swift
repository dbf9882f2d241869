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

    /// Appends the response in HTTP/1.1 format; returns the bytes of its head.
    func write(_ exchange: Exchange, date: [UInt8], closes: Bool, into output: inout [UInt8]) -> Int {
        let start = output.count
        output.append(contentsOf: headStart)
        HTTP1Writer.appendEnd(date: date, requestID: exchange.requestID, closes: closes, to: &output)
        let head = output.count - start
        if !exchange.isHEAD { output.append(contentsOf: content) }
        return head
    }
}
