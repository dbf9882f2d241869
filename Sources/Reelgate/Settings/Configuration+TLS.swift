import JSONText
import TLS
import Transport

extension Settings.Listener {
    /// The URL scheme.
    var scheme: String { tls == nil ? "http" : "https" }

    /// Whether other machines can reach it without authentication.
    var isOpenToOthers: Bool { !address.isLoopback && tls?.clientAuthorities == nil }

    /// Why access must not be open here.
    var openAccessMessage: String {
        "\(address) can be reached from other machines while access is open to all"
    }

    /// Reads the mapping `tls`: the file names only.
    mutating func readTLS(_ section: inout SettingsSection) {
        var read: TLSSettings?
        section.section("tls") { entry in
            var settings = TLSSettings(own: CertificateFiles())
            settings.own.read(&entry)
            _ = entry.sections("names") { name in
                var files = CertificateFiles()
                files.read(&name)
                settings.names.append(files)
            }
            entry.read("client_ca", SettingKind.text.orNull(), into: &settings.clientAuthorities)
            read = settings
        }
        tls = read
    }
}

extension CertificateFiles {
    fileprivate mutating func read(_ section: inout SettingsSection) {
        section.read("certificate", .text, into: &certificate)
        section.read("key", .text, into: &key)
        if certificate.isEmpty || key.isEmpty {
            section.addIssue(
                "both certificate and key are required",
                remedy: "write it like {certificate: cert.pem, key: key.pem}")
        }
    }
}

extension Configuration {
    /// Loads the listeners' TLS files; `nil` for plain listeners. Throws all issues, with the line that names
    /// the file.
    func readIdentities(protocols: [String]) throws(SettingsError) -> [TLSIdentity?] {
        var identities: [TLSIdentity?] = []
        var issues: [SettingIssue] = []
        for (index, listener) in settings.listen.enumerated() {
            guard var tls = listener.tls else {
                identities.append(nil)
                continue
            }
            tls.protocols = protocols
            do throws(TLSError) {
                identities.append(try TLSIdentity(tls))
            } catch {
                issues += error.issues.map { settingIssue($0, listener: index) }
            }
        }
        if !issues.isEmpty { throw SettingsError(issues: issues) }
        return identities
    }

    /// Private key files that other users may read.
    var exposedKeys: [String] {
        let all = settings.listen.compactMap(\.tls).flatMap { [$0.own] + $0.names }
        return all.map(\.key).filter(LocalFile.isReadableByOthers)
    }

    private func settingIssue(_ issue: TLSIssue, listener index: Int) -> SettingIssue {
        let key = "listen.\(index).tls.\(issue.setting)"
        return SettingIssue(
            origin: origin(of: key), key: key, message: issue.message, remedy: issue.remedy)
    }

    /// Returns where the settings file has a key, such as `notify.0.template`.
    func origin(of key: String) -> SettingOrigin {
        guard let file else { return .builtIn }
        let pointer = "/" + key.split(separator: ".").joined(separator: "/")
        // The file is parsed again only for the line number.
        return .file(file.name, line: (try? SettingsFile(file))?.line(pointer))
    }
}
