internal import COpenSSL
internal import Transport

/// A PEM file, read once. Its bytes are wiped on deinit because it may hold a key.
final class PEMFile {
    let path: String
    private let setting: String
    private var bytes: [UInt8]

    private static let bytesMax = 1 << 20

    init(_ path: String, setting: String) throws(TLSError) {
        self.path = path
        self.setting = setting
        do throws(SystemError) {
            let file = try OpenFile(path)
            bytes = try file.read(at: 0, count: Int(min(file.size, Int64(Self.bytesMax) + 1)))
        } catch {
            throw TLSError(issues: [
                TLSIssue(
                    setting: setting, message: "\(path) cannot be read (\(error))",
                    remedy: "specify a PEM file that this user can read")
            ])
        }
        // OpenSSL would treat a byte order mark as part of the first line.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        if bytes.count > Self.bytesMax {
            throw issue("is longer than \(Self.bytesMax) bytes", "specify a file with one chain or one key")
        }
    }

    deinit { unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) } }

    func issue(_ problem: String, _ remedy: String) -> TLSError {
        TLSError(issues: [TLSIssue(setting: setting, message: "\(path) \(problem)", remedy: remedy)])
    }

    /// Returns all certificates in the file, at least one.
    func certificates() throws(TLSError) -> [Certificate] {
        var found: [Certificate] = []
        ERR_clear_error()
        let isWhole = unsafe readEach { source in
            guard let x509 = unsafe PEM_read_bio_X509(source, nil, nil, nil) else { return false }
            unsafe found.append(Certificate(adopting: x509))
            return true
        }
        if !isWhole {
            throw issue(
                "has a damaged certificate, number \(found.count + 1) (\(OpenSSLText.takeReason()))",
                "get a new copy of the file from its issuer")
        }
        if found.isEmpty { throw noCertificate }
        return found
    }

    private var noCertificate: TLSError {
        if holds("PRIVATE KEY-----") {
            return issue("holds a key and no certificate", "have certificate and key been exchanged?")
        }
        if bytes.first == 0x30 {
            return issue("is DER, not PEM", "openssl x509 -inform DER -in \(path) -out certificate.pem")
        }
        return issue(
            "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)",
            "specify the file with the certificate")
    }

    /// Returns the private key in the file.
    func privateKey() throws(TLSError) -> PrivateKey {
        ERR_clear_error()
        var key: PrivateKey?
        // Without this callback OpenSSL would prompt for a passphrase on the terminal.
        _ = unsafe readEach { source in
            let found = unsafe PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil)
            key = unsafe found.map { unsafe PrivateKey(adopting: $0) }
            return false
        }
        guard let key else { throw noKey(OpenSSLText.takeReason()) }
        if !key.isUsable {
            throw issue("holds a key of a type that TLS cannot use", "create one with RSA, ECDSA or Ed25519")
        }
        return key
    }

    private func noKey(_ reason: String) -> TLSError {
        if holds("ENCRYPTED") {
            return issue(
                "holds an encrypted key, and the gateway cannot ask for its passphrase",
                "openssl pkey -in \(path) -out key.pem, and chmod 600 key.pem")
        }
        if holds("PRIVATE KEY-----") {
            return issue("holds a damaged key (\(reason))", "get a new copy of the key, or create a new pair")
        }
        if holds("BEGIN CERTIFICATE") {
            return issue("holds a certificate and no key", "have certificate and key been exchanged?")
        }
        if bytes.first == 0x30 {
            return issue("is DER, not PEM", "openssl pkey -inform DER -in \(path) -out key.pem")
        }
        return issue(
            "holds no key in PEM (-----BEGIN PRIVATE KEY-----)", "specify the file with the private key")
    }

    /// Calls `body` until it returns `false`. Returns whether that was because no further block follows.
    private func readEach(_ body: (OpaquePointer) -> Bool) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            guard let source = unsafe BIO_new_mem_buf(buffer.baseAddress, CInt(buffer.count)) else {
                preconditionFailure("OpenSSL without memory")
            }
            defer { unsafe BIO_free(source) }
            while unsafe body(source) {}
            // Only PEM_R_NO_START_LINE is a regular end of file.
            let code = ERR_peek_last_error()
            guard ERR_GET_REASON(code) == PEM_R_NO_START_LINE else { return false }
            ERR_clear_error()
            return true
        }
    }

    private func holds(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard bytes.count >= wanted.count else { return false }
        return (0...bytes.count - wanted.count).contains {
            bytes[$0..<$0 + wanted.count].elementsEqual(wanted)
        }
    }
}
