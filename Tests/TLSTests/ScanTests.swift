import ProcessTestSupport
import TLS
import Testing

/// Every protocol and cipher that `openssl` can offer, one at a time.
@Suite struct ScanTests {
    /// The ciphers that TLS 1.2 may negotiate with an RSA certificate.
    private static let allowed: Set<String> = [
        "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305",
    ]

    @Test func `only ciphers with forward secrecy and authentication are accepted`() async throws {
        let served = try await TLSTestServer(try await TestAuthority.settings("chain"))
        let listed = try await Tools.run(
            "openssl", ["ciphers", "-s", "-tls1_2", "ALL:COMPLEMENTOFALL@SECLEVEL=0"])
        let ciphers = listed.text.split(whereSeparator: { $0 == ":" || $0.isNewline }).map(String.init)
        // A list without weak ciphers would prove nothing.
        #expect(ciphers.count > 50)
        let taken = try await served.python(
            """
            for cipher in '\(ciphers.joined(separator: " "))'.split():
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname = False; context.verify_mode = ssl.CERT_NONE
                context.maximum_version = ssl.TLSVersion.TLSv1_2
                try:
                    context.set_ciphers(cipher + ':@SECLEVEL=0')
                    print(connect().cipher()[0])
                except ssl.SSLError: pass
            """)
        #expect(Set(taken.split(separator: "\n").map(String.init)) == Self.allowed)
    }

    @Test func `only TLS 1_2 and 1_3 are accepted`() async throws {
        let served = try await TLSTestServer()
        for (version, isTaken) in [("tls1", false), ("tls1_1", false), ("tls1_2", true), ("tls1_3", true)] {
            let ran = try await Tools.run(
                "bash",
                [
                    "-c",
                    "printf '' | timeout 20 openssl s_client -connect 127.0.0.1:\(served.port) -\(version) "
                        + "-cipher ALL:COMPLEMENTOFALL@SECLEVEL=0",
                ])
            #expect((ran.status == 0) == isTaken, "\(version): \(ran.text)")
        }
    }

    @Test func `no compression, secure renegotiation, and a chain that verifies`() async throws {
        let served = try await TLSTestServer(try await TestAuthority.settings("chain"))
        let ran = try await served.connect("-tls1_2 -comp -servername localhost -verify_return_error")
        #expect(ran.text.contains("Compression: NONE"))
        #expect(ran.text.contains("Secure Renegotiation IS supported"))
        #expect(ran.text.contains("Verify return code: 0 (ok)"))
        #expect(ran.text.contains("Server Temp Key: X25519"))
        let weak = try await served.connect("-tls1_2 -sigalgs RSA+SHA1 -cipher DEFAULT@SECLEVEL=0")
        #expect(weak.status != 0)
        let curve = try await served.connect("-tls1_3 -groups P-521")
        #expect(curve.status != 0)
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func `s_client resumes its session`(_ version: String) async throws {
        let served = try await TLSTestServer()
        let script = """
            ask() { (printf 'GET /now HTTP/1.1\\r\\nHost: h\\r\\nConnection: close\\r\\n\\r\\n'; sleep 0.1) |
              timeout 20 openssl s_client -connect 127.0.0.1:\(served.port) \(version) -ign_eof "$@" 2>&1; }
            kept=$(mktemp); ask -sess_out $kept > /dev/null; ask -sess_in $kept; rm $kept
            """
        let ran = try await Tools.run("bash", ["-c", script])
        #expect(ran.text.contains("Reused, TLSv1."))
        #expect(ran.text.contains("now true -"))
    }
}
