/// How the gateway finds out who makes a request.
package enum ClientAccess: Sendable {
    /// Everybody who reaches the gateway is one client with an operator's rights.
    case open
    /// A client proves who it is by a token.
    case tokens
}
