internal import COpenSSL

/// An X.509 certificate.
@safe  // The C pointer leaves only to this target's calls of OpenSSL.
final class Certificate {
    let x509: OpaquePointer

    init(adopting x509: OpaquePointer) { unsafe self.x509 = x509 }

    deinit { unsafe X509_free(x509) }

    /// Whether the other one may have signed this one.
    func isIssued(by issuer: Certificate) -> Bool { unsafe X509_check_issued(issuer.x509, x509) == X509_V_OK }

    var isSelfIssued: Bool { isIssued(by: self) }

    var isAuthority: Bool { unsafe X509_check_ca(x509) > 0 }

    /// Whether its extensions let a server use it.
    var isForServers: Bool { unsafe X509_check_purpose(x509, X509_PURPOSE_SSL_SERVER, 0) == 1 }

    /// Whether it is for this host; wildcards as RFC 6125 has them.
    func isFor(host: UnsafePointer<CChar>) -> Bool {
        unsafe X509_check_host(x509, host, 0, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS), nil) == 1
    }

    func matches(_ key: PrivateKey) -> Bool {
        defer { ERR_clear_error() }
        return unsafe X509_check_private_key(x509, key.key) == 1
    }

    /// What it is called, for messages: its common name, else its first other name, else all of its subject.
    var name: String { commonName ?? alternativeName ?? subject }

    var commonName: String? {
        let subject = unsafe X509_get_subject_name(x509)
        let index = unsafe X509_NAME_get_index_by_NID(subject, NID_commonName, -1)
        guard index >= 0, let entry = unsafe X509_NAME_get_entry(subject, index) else { return nil }
        return unsafe Self.text(X509_NAME_ENTRY_get_data(entry))
    }

    /// The first DNS name, mail address or URI that it is for.
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

    /// The moment after which it counts no more, and whether that has passed.
    var end: (text: String, isPast: Bool) {
        let time = unsafe X509_get0_notAfter(x509)
        let text = unsafe OpenSSLText.collect { unsafe ASN1_TIME_print($0, time) }
        return (text, unsafe X509_cmp_current_time(time) < 0)
    }

    /// The moment from which on it counts, and whether that is still to come.
    var start: (text: String, isAhead: Bool) {
        let time = unsafe X509_get0_notBefore(x509)
        let text = unsafe OpenSSLText.collect { unsafe ASN1_TIME_print($0, time) }
        return (text, unsafe X509_cmp_current_time(time) > 0)
    }

    /// A name of bounded length without control bytes; `nil` for anything else, which might be a trick.
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

/// A private key. Says nothing of itself, and OpenSSL wipes its memory.
@safe  // As above.
final class PrivateKey {
    let key: OpaquePointer

    init(adopting key: OpaquePointer) { unsafe self.key = key }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Whether TLS 1.2 and 1.3 can sign with it: RSA, ECDSA or EdDSA.
    var isUsable: Bool {
        let kinds = [EVP_PKEY_RSA, EVP_PKEY_RSA_PSS, EVP_PKEY_EC, EVP_PKEY_ED25519, EVP_PKEY_ED448]
        return kinds.contains(unsafe EVP_PKEY_get_base_id(key))
    }
}

/// OpenSSL's own words.
enum OpenSSLText {
    /// What a call prints.
    static func collect(_ write: (OpaquePointer?) -> CInt) -> String {
        guard let sink = unsafe BIO_new(BIO_s_mem()) else { return "" }
        defer { unsafe BIO_free(sink) }
        _ = unsafe write(sink)
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = unsafe BIO_read(sink, &bytes, CInt(bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }

    /// Why the last call failed; leaves the queue of errors empty.
    static func takeReason() -> String {
        defer { ERR_clear_error() }
        let code = ERR_peek_last_error()
        return unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) } ?? "unknown reason"
    }
}
