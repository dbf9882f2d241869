import JSONText
import TLS
import Transport

extension Settings.Listener {
    /// How URLs to it begin.
    var scheme: String { tls == nil ? "http" : "https" }

    /// Whether other machines can reach it without proving who they are.
    var isOpenToOthers: Bool { !address.isLoopback && tls?.clientAuthorities == nil }

    /// Reads the mapping `tls`: which files, not what is in them.
    mutating func readTLS(_ section: inout SettingsSection) {
        var read: TLSSettings?
        section.section("tls") { entry in
            var settings = TLSSettings(own: TLSFiles())
            settings.own.read(&entry)
            _ = entry.sections("names") { name in
                var files = TLSFiles()
                files.read(&name)
                settings.names.append(files)
            }
            entry.read("client_ca", SettingKind.text.orNull(), into: &settings.clientAuthorities)
            read = settings
        }
        tls = read
    }
}

extension TLSFiles {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        section.read("certificate", .text, into: &certificate)
        section.read("key", .text, into: &key)
        if certificate.isEmpty || key.isEmpty {
            section.fault(
                "certificate and key must both be given",
                remedy: "write it like {certificate: cert.pem, key: key.pem}")
        }
    }
}

extension Configuration {
    /// Reads what the listeners show to clients; `nil` for those in the clear. Throws every fault at once,
    /// with the line that names the file.
    func readIdentities(protocols: [String]) throws(SettingsError) -> [TLSIdentity?] {
        var identities: [TLSIdentity?] = []
        var faults: [SettingIssue] = []
        for (index, listener) in settings.listen.enumerated() {
            guard var tls = listener.tls else {
                identities.append(nil)
                continue
            }
            tls.protocols = protocols
            do throws(TLSError) {
                identities.append(try TLSIdentity(tls))
            } catch {
                faults += error.faults.map { settingFault($0, listener: index) }
            }
        }
        if !faults.isEmpty { throw SettingsError(faults: faults) }
        return identities
    }

    /// Files of private keys that others than their owner may read.
    var exposedKeys: [String] {
        let all = settings.listen.compactMap(\.tls).flatMap { [$0.own] + $0.names }
        return all.map(\.key).filter(LocalFile.isReadableByOthers)
    }

    private func settingFault(_ fault: TLSIssue, listener index: Int) -> SettingIssue {
        let key = "listen.\(index).tls.\(fault.setting)"
        let pointer = "/" + key.split(separator: ".").joined(separator: "/")
        // Read once more only to tell the line.
        let line = file.flatMap { try? SettingsFile($0) }?.line(pointer)
        return SettingIssue(
            origin: file.map { .file($0.name, line: line) } ?? .builtIn, key: key, message: fault.message,
            remedy: fault.remedy)
    }
}
