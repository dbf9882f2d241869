internal import HTTPWire

/// The stream of a response, and the properties of the request that the response depends on.
struct HTTP2ResponseTarget {
    let stream: Int32
    let context: RequestContext
    let isHEAD: Bool
    var discardsRequestBody = false
    var observer: (any ExchangeObserver)?
}

extension HTTP2ResponseTarget {
    init(_ stream: Int32, _ exchange: HTTP2Exchange) {
        self.init(
            stream: stream, context: exchange.context, isHEAD: exchange.head.method == "HEAD",
            discardsRequestBody: exchange.hasUnreadBody, observer: exchange.observer)
    }
}
