import TestSupport

/// Faults before the first byte of the request is sent.
enum UnsentFaults {
    static var rows: [FaultRow] {
        [
            FaultRow(
                fault: "connection refused",
                provider: .address("http://127.0.0.1:\(RawServer.closedPort())"),
                limits: .unsent, expected: .notSent),
            FaultRow(
                fault: "a host name that does not exist", provider: .address("https://nobody.invalid"),
                limits: .unsent, expected: .notSent),
            handshake("plain HTTP where TLS is expected") { connection, _, _ in
                connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                connection.end()
                connection.waitForEnd()
            },
            handshake("a TLS handshake that is cut") { _, _, _ in },
            handshake("a TLS handshake that hangs") { _, _, ledger in ledger.hold() },
            certificate("a certificate that nobody trusts", .untrusted),
            certificate("a certificate for another host", .ofAnotherHost),
            certificate("a certificate that has expired", .expired),
        ]
    }

    private static func handshake(
        _ fault: String,
        _ script: @escaping @Sendable (RawConnection, Int, RawLedger) -> Void
    ) -> FaultRow {
        FaultRow(
            fault: fault, provider: .raw(RawFault(scheme: "https", script: script)), limits: .unsent,
            expected: .notSent)
    }

    private static func certificate(_ fault: String, _ certificate: ProviderCertificate) -> FaultRow {
        FaultRow(fault: fault, provider: .tls(certificate), limits: .unsent, expected: .notSent)
    }
}
