internal import COpenSSL

/// What sessions are made from: certificates, keys and rules as read at one time. Never changed after it was
/// made.
@safe  // The C pointers leave only to this target's calls of OpenSSL.
// @unchecked because OpenSSL lets threads share a context that is no longer changed, and counts its
// references atomically.
final class TLSContext: @unchecked Sendable {
    /// One certificate with a context of its own; the first is for clients that name no host.
    @safe  // As above.
    private struct Face {
        let context: OpaquePointer
        let certificate: Certificate
    }

    private var faces: [Face] = []
    /// What ALPN may settle on, as on the wire: each with its length before it.
    private let protocols: UnsafeMutableBufferPointer<UInt8>

    /// For 1.2: forward secrecy and authenticated encryption only. 1.3 has nothing else.
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

    init(_ material: TLSMaterial, protocols names: [String]) throws(TLSIssue) {
        let wire = names.flatMap { [UInt8(clamping: $0.utf8.count)] + Array($0.utf8) }
        unsafe protocols = .allocate(capacity: wire.count)
        _ = unsafe protocols.initialize(from: wire)
        for (index, pair) in material.pairs.enumerated() {
            guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
                preconditionFailure("OpenSSL without TLS or without memory")
            }
            unsafe faces.append(Face(context: context, certificate: pair.chain[0]))
            unsafe setRules(of: context)
            let setting = index == 0 ? "certificate" : "names.\(index - 1).certificate"
            try unsafe show(pair, in: context, setting)
            unsafe ask(forClientsOf: material.authorities, in: context)
        }
    }

    deinit {
        for face in faces { unsafe SSL_CTX_free(face.context) }
        unsafe protocols.deallocate()
    }

    /// A session for one accepted connection.
    func makeSession() -> OpaquePointer {
        guard let session = unsafe SSL_new(faces[0].context) else {
            preconditionFailure("OpenSSL without memory")
        }
        unsafe SSL_set_accept_state(session)
        return unsafe session
    }

    private func setRules(of context: OpaquePointer) {
        unsafe SSL_CTX_set_options(context, openssl_server_options)
        unsafe openssl_set_modes(context)
        // 112 bits: RSA from 2048, nothing signed with SHA-1.
        unsafe SSL_CTX_set_security_level(context, 2)
        let isSet =
            unsafe openssl_set_least_version(context, TLS1_2_VERSION) == 1
            && SSL_CTX_set_cipher_list(context, Self.ciphers) == 1
            && openssl_set_groups(context, Self.groups) == 1
            && openssl_set_signatures(context, Self.signatures) == 1
        precondition(isSet, "OpenSSL knows these names")
        let owner = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe openssl_on_server_name(context, { unsafe TLSContext.chooseFace($0, $1, $2) }, owner)
        unsafe SSL_CTX_set_alpn_select_cb(
            context, { unsafe TLSContext.chooseProtocol(($1, $2), ($3, $4), $5) }, owner)
        unsafe SSL_CTX_set_info_callback(context) { session, place, _ in
            unsafe TLSSession.note(session, place)
        }
    }

    private func show(
        _ pair: TLSMaterial.Pair, in context: OpaquePointer, _ setting: String
    ) throws(TLSIssue) {
        ERR_clear_error()
        var isTaken =
            unsafe SSL_CTX_use_certificate(context, pair.chain[0].x509) == 1
            && SSL_CTX_use_PrivateKey(context, pair.key.key) == 1
        // Clients have the root already.
        for certificate in pair.chain.dropFirst() where isTaken && !certificate.isSelfIssued {
            isTaken = unsafe openssl_add_to_chain(context, certificate.x509) == 1
        }
        guard !isTaken else { return }
        throw TLSIssue(
            setting: setting,
            message: "\(pair.files.certificate) is too weak for TLS (\(OpenSSLText.takeReason()))",
            remedy: "get one with RSA from 2048 bits, ECDSA or Ed25519, signed with SHA-256 or better")
    }

    private func ask(forClientsOf authorities: [Certificate], in context: OpaquePointer) {
        if authorities.isEmpty { return }
        guard let store = unsafe X509_STORE_new() else { preconditionFailure("OpenSSL without memory") }
        for authority in authorities {
            unsafe X509_STORE_add_cert(store, authority.x509)
            unsafe SSL_CTX_add_client_CA(context, authority.x509)
        }
        // An authority in the middle may be named without the one above it.
        unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        unsafe SSL_CTX_set_cert_store(context, store)  // Which then owns it.
        unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        // Without it, OpenSSL resumes no session that had a client's certificate.
        let mark = Array("reelgate".utf8)
        unsafe SSL_CTX_set_session_id_context(context, mark, UInt32(mark.count))
        ERR_clear_error()
    }
}

// Called by OpenSSL within a handshake; the session keeps its context alive.
extension TLSContext {
    private static func owner(_ pointer: UnsafeMutableRawPointer?) -> TLSContext {
        guard let pointer = unsafe pointer else { preconditionFailure("the callback was set with its owner") }
        return unsafe Unmanaged<TLSContext>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// SNI: shows the certificate for the host that the client asks for.
    private static func chooseFace(
        _ session: OpaquePointer?, _ alert: UnsafeMutablePointer<CInt>?, _ owner: UnsafeMutableRawPointer?
    ) -> CInt {
        guard let session = unsafe session,
            let host = unsafe SSL_get_servername(session, TLSEXT_NAMETYPE_host_name)
        else { return SSL_TLSEXT_ERR_NOACK }
        let faces = unsafe Self.owner(owner).faces
        guard let face = faces.first(where: { unsafe $0.certificate.isFor(host: host) }) else {
            return SSL_TLSEXT_ERR_NOACK
        }
        unsafe SSL_set_SSL_CTX(session, face.context)
        return SSL_TLSEXT_ERR_OK
    }

    /// ALPN: our preference among what the client offers. RFC 7301 §3.2: nothing in common is fatal.
    private static func chooseProtocol(
        _ chosen: (UnsafeMutablePointer<UnsafePointer<UInt8>?>?, UnsafeMutablePointer<UInt8>?),
        _ offered: (UnsafePointer<UInt8>?, UInt32), _ owner: UnsafeMutableRawPointer?
    ) -> CInt {
        let ours = unsafe Self.owner(owner).protocols
        var choice: UnsafeMutablePointer<UInt8>?
        var length: UInt8 = 0
        let result = unsafe SSL_select_next_proto(
            &choice, &length, ours.baseAddress, UInt32(ours.count), offered.0, offered.1)
        guard result == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        unsafe chosen.0?.pointee = UnsafePointer(choice)
        unsafe chosen.1?.pointee = length
        return SSL_TLSEXT_ERR_OK
    }
}
