/// The TLS settings of a listener.
package struct TLSSettings: Equatable, Sendable {
    /// The default certificate, for clients without SNI and for unknown hosts.
    package var own: CertificateFiles
    /// Certificates selected by the host that a client requests (SNI).
    package var names: [CertificateFiles] = []
    /// A PEM file of authorities, one of which must have signed a client's certificate; `nil` disables client
    /// authentication.
    package var clientAuthorities: String?
    /// Protocols for ALPN, in order of preference.
    package var protocols = ["http/1.1"]

    package init(own: CertificateFiles) { self.own = own }
}
