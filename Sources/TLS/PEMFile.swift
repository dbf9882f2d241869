internal import COpenSSL
internal import Transport

/// A PEM file: read once, its bytes wiped when it goes, since it may hold a key.
final class PEMFile {
    let path: String
    private let setting: String
    private var bytes: [UInt8]

    private static let bytesMax = 1 << 20

    init(_ path: String, setting: String) throws(TLSIssue) {
        self.path = path
        self.setting = setting
        do throws(SystemError) {
            let file = try OpenFile(path)
            bytes = try file.read(at: 0, count: Int(min(file.size, Int64(Self.bytesMax) + 1)))
        } catch {
            throw TLSIssue(
                setting: setting, message: "\(path) cannot be read (\(error))",
                remedy: "name a PEM file that this user may read")
        }
        // A byte order mark, which OpenSSL would take for a part of the first line.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        if bytes.count > Self.bytesMax {
            throw fault("is longer than \(Self.bytesMax) bytes", "name a file with one chain or one key")
        }
    }

    deinit { unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) } }

    func fault(_ what: String, _ remedy: String) -> TLSIssue {
        TLSIssue(setting: setting, message: "\(path) \(what)", remedy: remedy)
    }

    /// All certificates in it, at least one.
    func certificates() throws(TLSIssue) -> [Certificate] {
        var found: [Certificate] = []
        ERR_clear_error()
        let isWhole = unsafe readEach { source in
            guard let x509 = unsafe PEM_read_bio_X509(source, nil, nil, nil) else { return false }
            unsafe found.append(Certificate(adopting: x509))
            return true
        }
        if !isWhole {
            throw fault(
                "is damaged at its certificate \(found.count + 1) (\(OpenSSLText.takeReason()))",
                "get the file anew from who issued it")
        }
        if found.isEmpty { throw noCertificate }
        return found
    }

    private var noCertificate: TLSIssue {
        if holds("PRIVATE KEY-----") {
            return fault("holds a key and no certificate", "have certificate and key been exchanged?")
        }
        if bytes.first == 0x30 {
            return fault("is DER, not PEM", "openssl x509 -inform DER -in \(path) -out certificate.pem")
        }
        return fault(
            "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)", "name the file with the certificate")
    }

    /// The private key in it.
    func privateKey() throws(TLSIssue) -> PrivateKey {
        ERR_clear_error()
        var key: PrivateKey?
        // OpenSSL would ask on the terminal for a pass phrase: none is given.
        _ = unsafe readEach { source in
            let found = unsafe PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in -1 }, nil)
            key = unsafe found.map { unsafe PrivateKey(adopting: $0) }
            return false
        }
        guard let key else { throw noKey(OpenSSLText.takeReason()) }
        if !key.isUsable {
            throw fault("holds a key of a kind that TLS cannot use", "make one with RSA, ECDSA or Ed25519")
        }
        return key
    }

    private func noKey(_ reason: String) -> TLSIssue {
        if holds("ENCRYPTED") {
            return fault(
                "holds a key that is encrypted, and nobody is there to be asked",
                "openssl pkey -in \(path) -out key.pem, and chmod 600 key.pem")
        }
        if holds("PRIVATE KEY-----") {
            return fault("holds a damaged key (\(reason))", "get the key anew, or make a new pair")
        }
        if holds("BEGIN CERTIFICATE") {
            return fault("holds a certificate and no key", "have certificate and key been exchanged?")
        }
        if bytes.first == 0x30 {
            return fault("is DER, not PEM", "openssl pkey -inform DER -in \(path) -out key.pem")
        }
        return fault(
            "holds no key in PEM (-----BEGIN PRIVATE KEY-----)", "name the file with the private key")
    }

    /// Calls until it says false; whether that was for want of further blocks.
    private func readEach(_ body: (OpaquePointer) -> Bool) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            guard let source = unsafe BIO_new_mem_buf(buffer.baseAddress, CInt(buffer.count)) else {
                preconditionFailure("OpenSSL without memory")
            }
            defer { unsafe BIO_free(source) }
            while unsafe body(source) {}
            // PEM_R_NO_START_LINE: only that ends a file in order.
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
