internal import COpenSSL

/// A private key. Has no description, and OpenSSL wipes its memory.
@safe  // The C pointer is used only by this target's calls of OpenSSL.
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
