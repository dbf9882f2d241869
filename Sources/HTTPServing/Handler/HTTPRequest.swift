package import HTTPWire

/// A complete request: a value that may leave its loop.
package struct HTTPRequest: Sendable {
    package var head: RequestHead
    package var body: [UInt8]
    package var trailers: HTTPFields
    package var context: RequestContext

    package init(
        head: RequestHead, body: [UInt8] = [], trailers: HTTPFields = HTTPFields(), context: RequestContext
    ) {
        self.head = head
        self.body = body
        self.trailers = trailers
        self.context = context
    }
}
