/// The content of a listener's files, read and checked. Warnings are issues that clients may encounter
/// although the listener works.
struct TLSMaterial {
    /// A certificate with its chain and key.
    struct Pair {
        let files: CertificateFiles
        let chain: [Certificate]
        let key: PrivateKey
    }

    private(set) var pairs: [Pair] = []
    private(set) var authorities: [Certificate] = []
    private(set) var issues: [TLSIssue] = []
    private(set) var warnings: [TLSIssue] = []

    /// Reads all files and collects all issues.
    init(_ settings: TLSSettings) {
        read(settings.own, "")
        for (index, files) in settings.names.enumerated() { read(files, "names.\(index).") }
        if let path = settings.clientAuthorities { readAuthorities(path) }
    }

    private mutating func read(_ files: CertificateFiles, _ prefix: String) {
        let chain = readChain(files.certificate, prefix + "certificate")
        let key = attempt { () throws(TLSError) in
            try PEMFile(files.key, setting: prefix + "key").privateKey()
        }
        guard let chain, let key else { return }
        if chain[0].matches(key) {
            pairs.append(Pair(files: files, chain: chain, key: key))
            return check(chain, files.certificate, prefix + "certificate")
        }
        guard let position = chain.firstIndex(where: { $0.matches(key) }) else {
            return issues.append(
                TLSIssue(
                    setting: prefix + "key",
                    message: "\(files.key) is not the key of the certificate in \(files.certificate)",
                    remedy: "specify the key that belongs to the certificate"))
        }
        issues.append(
            TLSIssue(
                setting: prefix + "certificate",
                message: "\(files.certificate) has the server's own certificate at position \(position + 1)",
                remedy: "put it first, followed by its issuer, and so on"))
    }

    private mutating func readChain(_ path: String, _ setting: String) -> [Certificate]? {
        let read = attempt { () throws(TLSError) in
            try PEMFile(path, setting: setting).certificates()
        }
        guard let chain = read else { return nil }
        addWarnings(for: chain, path, setting)
        return chain
    }

    private mutating func check(_ chain: [Certificate], _ path: String, _ setting: String) {
        if !chain[0].isForServers {
            issues.append(
                TLSIssue(
                    setting: setting,
                    message: "\(path) holds a certificate that is not for servers (extended key usage)",
                    remedy: "get one with the usage serverAuth"))
        }
        for position in chain.indices.dropFirst() where !chain[position - 1].isIssued(by: chain[position]) {
            issues.append(
                TLSIssue(
                    setting: setting,
                    message:
                        "\(path): certificate \(position + 1), of \(chain[position].name), did not sign "
                        + "the one before it",
                    remedy: "put the server's own first, followed by its issuer, and so on; remove others"))
        }
    }

    private mutating func addWarnings(for chain: [Certificate], _ path: String, _ setting: String) {
        for certificate in chain { checkValidity(certificate, path, setting) }
        if chain[0].alternativeName == nil {
            warnings.append(
                TLSIssue(
                    setting: setting, message: "\(path) names no host (subjectAltName)",
                    remedy:
                        "get a certificate with the host names that clients use (they ignore the common name)"
                ))
        }
    }

    private mutating func checkValidity(_ certificate: Certificate, _ path: String, _ setting: String) {
        let (start, end) = (certificate.start, certificate.end)
        guard start.isAhead || end.isPast else { return }
        let validity = end.isPast ? "expired on \(end.text)" : "is not valid before \(start.text)"
        warnings.append(
            TLSIssue(
                setting: setting, message: "\(path): the certificate of \(certificate.name) \(validity)",
                remedy: "clients will reject it: renew it, or correct the clock; then send SIGHUP"))
    }

    private mutating func readAuthorities(_ path: String) {
        let setting = "client_ca"
        let read = attempt { () throws(TLSError) in
            let file = try PEMFile(path, setting: setting)
            let found = try file.certificates()
            for certificate in found where !certificate.isAuthority {
                throw file.issue(
                    "holds the certificate of \(certificate.name), which is not an authority",
                    "specify the certificate of the authority that signs client certificates")
            }
            return found
        }
        authorities = read ?? []
        for certificate in authorities { checkValidity(certificate, path, setting) }
    }

    private mutating func attempt<Value>(_ body: () throws(TLSError) -> Value) -> Value? {
        do throws(TLSError) { return try body() } catch {
            issues += error.issues
            return nil
        }
    }
}
