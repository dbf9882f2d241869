/// What is wrong with a file that TLS was to be set up from, for the person who named it.
package struct TLSIssue: Error, Equatable, Sendable, CustomStringConvertible {
    /// The key of the setting that named the file, within `tls`: `certificate`, `names.0.key`, ….
    package var setting: String
    /// The file and what is wrong with it.
    package var message: String
    /// What to do about it.
    package var remedy: String

    package init(setting: String, message: String, remedy: String) {
        self.setting = setting
        self.message = message
        self.remedy = remedy
    }

    /// One line: what, and what to do.
    package var description: String { "\(message): \(remedy)" }
}

/// Everything that is wrong with the files of one listener; never empty.
package struct TLSError: Error, Equatable, Sendable {
    package var faults: [TLSIssue]
}

/// A certificate with what follows it up to its authority, and the key of the first; paths of PEM files.
package struct TLSFiles: Equatable, Sendable {
    package var certificate: String
    package var key: String

    package init(certificate: String = "", key: String = "") {
        self.certificate = certificate
        self.key = key
    }
}

/// What a listener shows to clients and asks of them.
package struct TLSSettings: Equatable, Sendable {
    /// Shown to clients that name no host, or one that no other certificate is for.
    package var own: TLSFiles
    /// Shown to clients that ask for a host that one of them is for.
    package var names: [TLSFiles] = []
    /// The authorities, as a PEM file, of which one must have signed a client's certificate; `nil` asks for
    /// none.
    package var clientAuthorities: String?
    /// What ALPN may settle on, best first.
    package var protocols = ["http/1.1"]

    package init(own: TLSFiles) { self.own = own }
}
