/// What the files of a listener hold, read and checked. Warnings are what clients will trip over though it
/// works.
struct TLSMaterial {
    /// One certificate with its chain and key.
    struct Pair {
        let files: TLSFiles
        let chain: [Certificate]
        let key: PrivateKey
    }

    private(set) var pairs: [Pair] = []
    private(set) var authorities: [Certificate] = []
    private(set) var faults: [TLSIssue] = []
    private(set) var warnings: [TLSIssue] = []

    /// Reads everything, and finds all faults at once.
    init(_ settings: TLSSettings) {
        read(settings.own, "")
        for (index, files) in settings.names.enumerated() { read(files, "names.\(index).") }
        if let path = settings.clientAuthorities { readAuthorities(path) }
    }

    private mutating func read(_ files: TLSFiles, _ prefix: String) {
        let chain = readChain(files.certificate, prefix + "certificate")
        let key = attempt { () throws(TLSIssue) in
            try PEMFile(files.key, setting: prefix + "key").privateKey()
        }
        guard let chain, let key else { return }
        if chain[0].matches(key) {
            pairs.append(Pair(files: files, chain: chain, key: key))
            return check(chain, files.certificate, prefix + "certificate")
        }
        guard let place = chain.firstIndex(where: { $0.matches(key) }) else {
            return faults.append(
                TLSIssue(
                    setting: prefix + "key",
                    message: "\(files.key) is not the key of the certificate in \(files.certificate)",
                    remedy: "name the key that the certificate was made for"))
        }
        faults.append(
            TLSIssue(
                setting: prefix + "certificate",
                message: "\(files.certificate) has the server's own certificate at place \(place + 1)",
                remedy: "put it first, then who signed it, and so on"))
    }

    private mutating func readChain(_ path: String, _ setting: String) -> [Certificate]? {
        let read = attempt { () throws(TLSIssue) in
            try PEMFile(path, setting: setting).certificates()
        }
        guard let chain = read else { return nil }
        warn(of: chain, path, setting)
        return chain
    }

    private mutating func check(_ chain: [Certificate], _ path: String, _ setting: String) {
        if !chain[0].isForServers {
            faults.append(
                TLSIssue(
                    setting: setting,
                    message: "\(path) holds a certificate that is not for servers (extended key usage)",
                    remedy: "get one with the usage serverAuth"))
        }
        for place in chain.indices.dropFirst() where !chain[place - 1].isIssued(by: chain[place]) {
            faults.append(
                TLSIssue(
                    setting: setting,
                    message:
                        "\(path): certificate \(place + 1), of \(chain[place].name), did not sign the one "
                        + "before it",
                    remedy: "put the server's own first, then who signed it, and so on; leave out others"))
        }
    }

    private mutating func warn(of chain: [Certificate], _ path: String, _ setting: String) {
        for certificate in chain { warnAboutTime(certificate, path, setting) }
        if chain[0].alternativeName == nil {
            warnings.append(
                TLSIssue(
                    setting: setting, message: "\(path) names no host (subjectAltName)",
                    remedy: "get a certificate with the names that clients use; they look nowhere else"))
        }
    }

    private mutating func warnAboutTime(_ certificate: Certificate, _ path: String, _ setting: String) {
        let (start, end) = (certificate.start, certificate.end)
        guard start.isAhead || end.isPast else { return }
        let what = end.isPast ? "expired on \(end.text)" : "is not valid before \(start.text)"
        warnings.append(
            TLSIssue(
                setting: setting, message: "\(path): the certificate of \(certificate.name) \(what)",
                remedy: "clients will refuse it: renew it, or set the clock right; then send SIGHUP"))
    }

    private mutating func readAuthorities(_ path: String) {
        let setting = "client_ca"
        let read = attempt { () throws(TLSIssue) in
            let file = try PEMFile(path, setting: setting)
            let found = try file.certificates()
            for certificate in found where !certificate.isAuthority {
                throw file.fault(
                    "holds the certificate of \(certificate.name), which may sign no others",
                    "name the certificate of the authority that signs your clients'")
            }
            return found
        }
        authorities = read ?? []
        for certificate in authorities { warnAboutTime(certificate, path, setting) }
    }

    private mutating func attempt<Value>(_ body: () throws(TLSIssue) -> Value) -> Value? {
        do throws(TLSIssue) { return try body() } catch {
            faults.append(error)
            return nil
        }
    }
}
