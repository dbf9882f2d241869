package import HTTPServing

/// A response and the delay before it is sent.
package struct SimulatedResponse: Sendable {
    package var response: HTTPResponse
    package var delay: Duration

    init(_ response: HTTPResponse, delay: Duration = .zero) {
        self.response = response
        self.delay = delay
    }
}
