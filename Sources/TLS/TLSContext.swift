internal import COpenSSL

/// OpenSSL contexts for new sessions: certificates, keys and rules as read at one time. Immutable.
@safe  // The C pointers are used only by this target's calls of OpenSSL.
// @unchecked because OpenSSL lets threads share a context that no longer changes, and counts its references
// atomically.
final class TLSContext: @unchecked Sendable {
    /// A certificate with its own context; the first is the default for clients without SNI.
    @safe  // As above.
    private struct CertificateContext {
        let context: OpaquePointer
        let certificate: Certificate
    }

    private var contexts: [CertificateContext] = []
    /// Protocols for ALPN in wire format: each preceded by its length.
    private let protocols: UnsafeMutableBufferPointer<UInt8>

    /// For TLS 1.2: forward secrecy and authenticated encryption only. TLS 1.3 has nothing else.
    private static let ciphers =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
        + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        + "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    private static let groups = "X25519:P-256:P-384"
    private static let signatures =
        "ECDSA+SHA256:ECDSA+SHA384:ECDSA+SHA512:ed25519:ed448:"
        + "rsa_pss_pss_sha256:rsa_pss_pss_sha384:rsa_pss_pss_sha512:"
        + "rsa_pss_rsae_sha256:rsa_pss_rsae_sha384:rsa_pss_rsae_sha512:"
        + "RSA+SHA256:RSA+SHA384:RSA+SHA512"

    init(_ material: TLSMaterial, protocols names: [String]) throws(TLSError) {
        let wire = names.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8) }
        unsafe protocols = .allocate(capacity: wire.count)
        _ = unsafe protocols.initialize(from: wire)
        for (index, pair) in material.pairs.enumerated() {
            guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
                preconditionFailure("OpenSSL without TLS or without memory")
            }
            unsafe contexts.append(CertificateContext(context: context, certificate: pair.chain[0]))
            unsafe configure(of: context)
            let setting = index == 0 ? "certificate" : "names.\(index - 1).certificate"
            try unsafe loadCertificate(pair, in: context, setting)
            unsafe requireClientCertificates(signedBy: material.authorities, in: context)
        }
    }

    deinit {
        for context in contexts { unsafe SSL_CTX_free(context.context) }
        unsafe protocols.deallocate()
    }

    /// Creates a session for an accepted connection.
    func makeSession() -> OpaquePointer {
        guard let session = unsafe SSL_new(contexts[0].context) else {
            preconditionFailure("OpenSSL without memory")
        }
        unsafe SSL_set_accept_state(session)
        return unsafe session
    }

    private func configure(of context: OpaquePointer) {
        unsafe SSL_CTX_set_options(context, openssl_server_options)
        unsafe openssl_set_modes(context)
        // 112 bits: RSA of at least 2048 bits, no SHA-1 signatures.
        unsafe SSL_CTX_set_security_level(context, 2)
        let isSet =
            unsafe openssl_set_least_version(context, TLS1_2_VERSION) == 1
            && SSL_CTX_set_cipher_list(context, Self.ciphers) == 1
            && openssl_set_groups(context, Self.groups) == 1
            && openssl_set_signatures(context, Self.signatures) == 1
        precondition(isSet, "OpenSSL knows these names")
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe openssl_on_server_name(context, { unsafe TLSContext.selectCertificate($0, $1, $2) }, owner)
        unsafe SSL_CTX_set_alpn_select_cb(
            context, { unsafe TLSContext.selectProtocol(($1, $2), ($3, $4), $5) }, owner)
        unsafe SSL_CTX_set_info_callback(context) { session, position, _ in
            unsafe TLSSession.countStep(session, position)
        }
    }

    private func loadCertificate(
        _ pair: TLSMaterial.Pair, in context: OpaquePointer, _ setting: String
    ) throws(TLSError) {
        ERR_clear_error()
        var isLoaded =
            unsafe SSL_CTX_use_certificate(context, pair.chain[0].x509) == 1
            && SSL_CTX_use_PrivateKey(context, pair.key.key) == 1
        // Clients already have the root.
        for certificate in pair.chain.dropFirst() where isLoaded && !certificate.isSelfIssued {
            isLoaded = unsafe openssl_add_to_chain(context, certificate.x509) == 1
        }
        guard !isLoaded else { return }
        throw TLSError(issues: [
            TLSIssue(
                setting: setting,
                message: "\(pair.files.certificate) is too weak for TLS (\(OpenSSLText.takeReason()))",
                remedy:
                    "get one with RSA of at least 2048 bits, ECDSA or Ed25519, signed with SHA-256 or better")
        ])
    }

    private func requireClientCertificates(signedBy authorities: [Certificate], in context: OpaquePointer) {
        if authorities.isEmpty { return }
        guard let store = unsafe X509_STORE_new() else { preconditionFailure("OpenSSL without memory") }
        for authority in authorities {
            unsafe X509_STORE_add_cert(store, authority.x509)
            unsafe SSL_CTX_add_client_CA(context, authority.x509)
        }
        // Allows an intermediate authority without its issuer.
        unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        unsafe SSL_CTX_set_cert_store(context, store)  // Takes ownership.
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        // OpenSSL resumes sessions with client certificates only with a session id context.
        let mark = Array("reelgate".utf8)
        unsafe SSL_CTX_set_session_id_context(context, mark, UInt32(mark.count))
        ERR_clear_error()
    }
}

// Callbacks from OpenSSL during a handshake; the session keeps its context alive.
extension TLSContext {
    private static func owner(_ pointer: UnsafeMutableRawPointer?) -> TLSContext {
        guard let pointer = unsafe pointer else { preconditionFailure("the callback was set with its owner") }
        return unsafe Unmanaged<TLSContext>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Selects the certificate for the requested host (SNI).
    private static func selectCertificate(
        _ session: OpaquePointer?, _ alert: UnsafeMutablePointer<CInt>?, _ owner: UnsafeMutableRawPointer?
    ) -> CInt {
        guard let session = unsafe session,
            let host = unsafe SSL_get_servername(session, TLSEXT_NAMETYPE_host_name)
        else { return SSL_TLSEXT_ERR_NOACK }
        let contexts = unsafe Self.owner(owner).contexts
        guard let selected = contexts.first(where: { unsafe $0.certificate.isFor(host: host) }) else {
            return SSL_TLSEXT_ERR_NOACK
        }
        unsafe SSL_set_SSL_CTX(session, selected.context)
        return SSL_TLSEXT_ERR_OK
    }

    /// Selects a protocol offered by the client, in our order of preference (ALPN). RFC 7301 §3.2: no common
    /// protocol is fatal.
    private static func selectProtocol(
        _ chosen: (UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?),
        _ offered: (UnsafePointer<UInt8>?, UInt32), _ owner: UnsafeMutableRawPointer?
    ) -> CInt {
        let supported = unsafe Self.owner(owner).protocols
        var choice: UnsafeMutablePointer<UInt8>?
        var length: UInt8 = 0
        let result = unsafe SSL_select_next_proto(
            &choice, &length, supported.baseAddress, UInt32(supported.count), offered.0, offered.1)
        guard result == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        unsafe chosen.0?.pointee = UnsafePointer(choice)
        unsafe chosen.1?.pointee = length
        return SSL_TLSEXT_ERR_OK
    }
}
