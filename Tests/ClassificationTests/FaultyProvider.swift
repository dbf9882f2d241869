/// The provider that has the fault.
enum FaultyProvider: Sendable {
    /// The simulator, with a rule for the row's job: its actions, and how often they apply.
    case script(String, times: Int = 1)
    /// A separate simulator with a complete script.
    case ownScript(String)
    /// A server with raw sockets.
    case raw(RawFault)
    /// An address without an HTTP server.
    case address(String)
    /// A Python server with TLS and this certificate.
    case tls(ProviderCertificate)
}
