internal import HTTPWire

/// The properties of a request that its response depends on.
struct HTTP2Answer {
    let stream: Int32
    let context: RequestContext
    let isHEAD: Bool
    var discardsRequestBody = false
    var observer: (any ExchangeObserver)?
}

extension HTTP2Answer {
    init(_ stream: Int32, _ exchange: HTTP2Exchange) {
        self.init(
            stream: stream, context: exchange.context, isHEAD: exchange.head.method == "HEAD",
            discardsRequestBody: exchange.hasUnreadBody, observer: exchange.observer)
    }
}
