import Gateway
import HTTPFetching
import HTTPWire
import VideoJobs

extension HTTPFetcher {
    private static let deliveryConnectTimeout: Duration = .seconds(5)
    private static let deliveryTimeout: Duration = .seconds(15)
    /// Bytes of a response. Its body is not used.
    private static let deliveryResponseMax: Int64 = 16 << 10

    /// Makes one attempt to deliver something: without a proxy and without redirects, to an address that the
    /// guard allows after the name was resolved.
    func deliver(
        _ content: DeliveryContent, to url: WebURL, _ addressGuard: AddressGuard, at now: Timestamp
    ) async -> WebhookReply {
        var request = FetchRequest("POST", url.textWithoutUserInfo, body: .repeatable(content.body))
        request.fields = content.fields
        request.connectTimeout = Self.deliveryConnectTimeout
        request.timeout = Self.deliveryTimeout
        request.responseLimit = Self.deliveryResponseMax
        request.contentCoding = .undecoded
        request.addressGuard = addressGuard
        request.isDirect = true
        request.trace = content.trace
        switch await fetch(request) {
        case .completed(let response):
            return .response(
                status: response.status,
                retryAfter: response["Retry-After"].flatMap { Self.retryDelay($0, now: now) })
        case .failed(let failure):
            // The receiver has decided; more of its words are not needed.
            if failure.stage == .tooLarge, let status = failure.status { return .response(status: status) }
            return .failed(failure.message)
        }
    }

    /// Parses `Retry-After`: seconds or a date (RFC 9110 §10.2.3). `nil` for anything else.
    static func retryDelay(_ value: String, now: Timestamp) -> Duration? {
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(min(Int64(value) ?? .max, 10 * 86_400))
        }
        return IMFDate.parse(value, now: now.seconds).map { .seconds(max(0, $0 - now.seconds)) }
    }
}
