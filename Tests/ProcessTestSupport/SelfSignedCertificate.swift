import Testing

/// A self-signed certificate for 127.0.0.1, made with the openssl command.
package enum SelfSignedCertificate {
    /// The value of `tls` for a gateway that runs in the folder of the certificate.
    package static let setting = "{certificate: a.pem, key: a.key}"

    /// Writes `a.pem` and `a.key` to a folder.
    package static func write(to folder: String) async throws {
        let finished = try await Tools.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "a.key", "-out", "a.pem", "-subj", "/CN=a", "-addext", "subjectAltName=IP:127.0.0.1",
            ], folder: folder)
        try #require(finished.status == 0, "\(finished.errors)")
    }
}
