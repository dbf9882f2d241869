/// Paths of PEM files: a certificate with its chain, and its key.
package struct CertificateFiles: Equatable, Sendable {
    package var certificate: String
    package var key: String

    package init(certificate: String = "", key: String = "") {
        self.certificate = certificate
        self.key = key
    }
}
