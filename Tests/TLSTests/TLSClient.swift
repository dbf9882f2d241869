import COpenSSL

/// OpenSSL as a client whose bytes a test transfers, so that it decides where they are split.
@safe
final class TLSClient {
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let incoming: OpaquePointer
    private let outgoing: OpaquePointer

    /// Options of a client.
    struct Kind {
        var versions: ClosedRange<CInt> = TLS1_2_VERSION...TLS1_3_VERSION
        /// For TLS 1.2; `nil` for the defaults.
        var ciphers: String?
        var host: String?
        var protocols: [String] = []
        /// The client's certificate and key.
        var certificate: (certificate: String, key: String)?
        var session: ResumableSession?
    }

    init(_ kind: Kind = Kind()) {
        unsafe context = SSL_CTX_new(TLS_client_method())
        unsafe SSL_CTX_set_security_level(context, 0)
        unsafe openssl_set_least_version(context, kind.versions.lowerBound)
        unsafe SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(kind.versions.upperBound), nil)
        if let ciphers = kind.ciphers { _ = unsafe SSL_CTX_set_cipher_list(context, ciphers) }
        if let own = kind.certificate {
            unsafe SSL_CTX_use_certificate_file(context, own.certificate, SSL_FILETYPE_PEM)
            unsafe SSL_CTX_use_PrivateKey_file(context, own.key, SSL_FILETYPE_PEM)
        }
        unsafe ssl = SSL_new(context)
        unsafe incoming = BIO_new(BIO_s_mem())
        unsafe outgoing = BIO_new(BIO_s_mem())
        unsafe SSL_set_bio(ssl, incoming, outgoing)
        unsafe BIO_ctrl(incoming, BIO_C_SET_BUF_MEM_EOF_RETURN, -1, nil)
        if let host = kind.host {
            let name = unsafe UnsafeMutableRawPointer(mutating: strdup(host))
            unsafe SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, Int(TLSEXT_NAMETYPE_host_name), name)
        }
        let wire = kind.protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        if !wire.isEmpty { unsafe SSL_set_alpn_protos(ssl, wire, UInt32(wire.count)) }
        if let kept = kind.session { unsafe SSL_set_session(ssl, kept.session) }
        unsafe SSL_set_connect_state(ssl)
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
    }

    /// The bytes it wants to send.
    func take() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        let count = unsafe BIO_read(outgoing, &bytes, CInt(bytes.count))
        return Array(bytes.prefix(Int(max(0, count))))
    }

    /// Passes received bytes to it.
    func give(_ bytes: [UInt8]) { unsafe BIO_write(incoming, bytes, CInt(bytes.count)) }

    /// Continues the handshake. Returns whether it is complete.
    @discardableResult
    func continueHandshake() -> Bool {
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(ssl)
        let code = unsafe SSL_get_error(ssl, result)
        if result != 1, code != SSL_ERROR_WANT_READ { failure = Self.reason() }
        return result == 1
    }

    /// Why the handshake or a read failed.
    private(set) var failure: String?

    func write(_ text: String) { unsafe SSL_write(ssl, text, CInt(text.utf8.count)) }

    /// Returns the text that can be read now; empty if there is none.
    func read() -> String {
        var text = ""
        var bytes = [UInt8](repeating: 0, count: 1 << 15)
        while true {
            ERR_clear_error()
            let count = unsafe SSL_read(ssl, &bytes, CInt(bytes.count))
            if count > 0 {
                text += String(decoding: bytes.prefix(Int(count)), as: UTF8.self)
                continue
            }
            if unsafe SSL_get_error(ssl, count) == SSL_ERROR_SSL { failure = Self.reason() }
            return text
        }
    }

    /// Requests new keys (TLS 1.3) from both sides.
    func updateKeys() {
        unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED)
        unsafe SSL_do_handshake(ssl)
    }

    /// Starts a renegotiation (TLS 1.2).
    func renegotiate() {
        unsafe SSL_renegotiate(ssl)
        unsafe SSL_do_handshake(ssl)
    }

    func sendCloseNotify() { unsafe SSL_shutdown(ssl) }

    /// Whether the server sent close_notify.
    var heardEnd: Bool { unsafe SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN != 0 }
    var version: String { unsafe String(cString: SSL_get_version(ssl)) }
    var isResumed: Bool { unsafe SSL_session_reused(ssl) == 1 }
    /// The session, for another connection.
    var session: ResumableSession { unsafe ResumableSession(SSL_get1_session(ssl)) }

    var applicationProtocol: String {
        var name: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        unsafe SSL_get0_alpn_selected(ssl, &name, &length)
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(length)), as: UTF8.self)
    }

    /// The common name of the server's certificate.
    var serverName: String {
        guard let certificate = unsafe SSL_get1_peer_certificate(ssl) else { return "" }
        defer { unsafe X509_free(certificate) }
        var name = [CChar](repeating: 0, count: 256)
        let count = unsafe X509_NAME_get_text_by_NID(
            X509_get_subject_name(certificate), NID_commonName, &name, 256)
        return String(decoding: name.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func reason() -> String {
        unsafe ERR_reason_error_string(ERR_peek_error()).map { unsafe String(cString: $0) } ?? "none"
    }
}
