/// The stage of a model at its provider, as the catalog states it.
package struct ModelLifecycle: Equatable, Sendable {
    package enum Status: String, CaseIterable, Sendable {
        case active
        /// Jobs are accepted, and their clients are warned.
        case deprecated
        /// No new job is accepted.
        case retired
    }

    package var status = Status.active
    /// The first date of the status.
    package var since: UTCDate?
    /// The announced end of the model. It is shown and changes nothing by itself.
    package var until: UTCDate?
    /// The model of the catalog that replaces it.
    package var successor: String?

    package init(
        _ status: Status = .active, since: UTCDate? = nil, until: UTCDate? = nil, successor: String? = nil
    ) {
        self.status = status
        self.since = since
        self.until = until
        self.successor = successor
    }
}
