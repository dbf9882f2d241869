internal import COpenSSL

/// An X.509 certificate.
@safe  // The C pointer is used only by this target's calls of OpenSSL.
final class Certificate {
    let x509: OpaquePointer

    init(adopting x509: OpaquePointer) { unsafe self.x509 = x509 }

    deinit { unsafe X509_free(x509) }

    /// Whether `issuer` may have signed this certificate.
    func isIssued(by issuer: Certificate) -> Bool { unsafe X509_check_issued(issuer.x509, x509) == X509_V_OK }

    var isSelfIssued: Bool { isIssued(by: self) }

    var isAuthority: Bool { unsafe X509_check_ca(x509) > 0 }

    /// Whether its extensions allow use by a server.
    var isForServers: Bool { unsafe X509_check_purpose(x509, X509_PURPOSE_SSL_SERVER, 0) == 1 }

    /// Whether it is valid for a host; wildcards as in RFC 6125.
    func isFor(host: UnsafePointer<CChar>) -> Bool {
        unsafe X509_check_host(x509, host, 0, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS), nil) == 1
    }

    func matches(_ key: PrivateKey) -> Bool {
        defer { ERR_clear_error() }
        return unsafe X509_check_private_key(x509, key.key) == 1
    }

    /// The display name: the common name, else the first alternative name, else the whole subject.
    var name: String { commonName ?? alternativeName ?? subject }

    var commonName: String? {
        let subject = unsafe X509_get_subject_name(x509)
        let index = unsafe X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard index >= 0, let entry = unsafe X509_NAME_get_entry(subject, index) else { return nil }
        return unsafe Self.text(X509_NAME_ENTRY_get_data(entry))
    }

    /// The first DNS name, mail address or URI in subjectAltName.
    var alternativeName: String? {
        guard let name = unsafe openssl_first_name(x509) else { return nil }
        defer { unsafe ASN1_STRING_free(name) }
        return unsafe Self.text(name)
    }

    private var subject: String {
        unsafe OpenSSLText.collect {
            unsafe X509_NAME_print_ex($0, X509_get_subject_name(x509), 0, openssl_name_layout)
        }
    }

    /// When the certificate expires, and whether that has passed.
    var end: (text: String, isPast: Bool) {
        let time = unsafe X509_get0_notAfter(x509)
        let text = unsafe OpenSSLText.collect { unsafe ASN1_TIME_print($0, time) }
        return (text, unsafe X509_cmp_current_time(time) < 0)
    }

    /// When the certificate becomes valid, and whether that is still to come.
    var start: (text: String, isAhead: Bool) {
        let time = unsafe X509_get0_notBefore(x509)
        let text = unsafe OpenSSLText.collect { unsafe ASN1_TIME_print($0, time) }
        return (text, unsafe X509_cmp_current_time(time) > 0)
    }

    /// Returns a name of bounded length without control bytes; `nil` for anything else.
    private static func text(_ string: UnsafeMutablePointer<ASN1_STRING>?) -> String? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = unsafe ASN1_STRING_to_UTF8(&bytes, string)
        defer { unsafe CRYPTO_free(bytes, "", 0) }
        guard let bytes = unsafe bytes, (1...256).contains(count) else { return nil }
        let text = unsafe String(
            decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
        return text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } ? text : nil
    }
}
