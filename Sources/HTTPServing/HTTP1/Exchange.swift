/// The properties of a request that its response depends on.
struct Exchange {
    let requestID: String
    let isHEAD: Bool
    let keepsAlive: Bool
    var isHTTP10 = false
    /// Whether a body follows the head that has not been received completely.
    var hasUnreadBody = false
    /// Whether a valid head was received.
    var hasHead = true
    /// Whether a client that closes its side has left.
    var endsWithClient = false
    /// Notified of the end of the response, until the response is begun.
    var observer: (any ExchangeObserver)?
}
