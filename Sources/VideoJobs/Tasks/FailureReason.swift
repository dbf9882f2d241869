/// The reason why a task ended without a video, as its client sees it.
package struct FailureReason: Equatable, Sendable {
    /// The provider's code, or one of the gateway's: `outcome_unknown`, `provider_refused`,
    /// `generation_timeout`, `result_lost`.
    package var code: String
    package var message: String
    /// The provider's HTTP status if it refused the job, so that the client's response keeps that 4xx.
    package var httpStatus: Int?

    package init(code: String, message: String, httpStatus: Int? = nil) {
        self.code = code
        self.message = message
        self.httpStatus = httpStatus
    }
}
