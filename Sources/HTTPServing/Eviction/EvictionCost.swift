/// The cost of evicting a connection, in ascending order.
enum EvictionCost: Int, Sendable {
    /// It has sent no request, or is about to close.
    case nothing
    /// A kept connection that waits for the next request.
    case keptConnection
    /// Part of a head, or of a TLS handshake, has arrived.
    case head
    /// Part of a request body has arrived.
    case body
    /// Only response bodies without end are being streamed.
    case stream
}
