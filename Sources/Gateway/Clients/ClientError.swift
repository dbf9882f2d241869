/// Why a client was not changed.
package enum ClientError: Error, Equatable, Sendable {
    case exists(String)
    case notFound(String)
    /// The limit of clients is reached.
    case tooMany
    case store(StoreError)
}
