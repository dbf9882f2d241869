import FoundationEssentials

/// Whom outbound TLS trusts.
enum OutboundTrust {
    /// The PEM file of authorities that the environment names, for those who have an authority of their own.
    /// libcurl has the system's built in and leaves this variable, which OpenSSL and curl obey, to the
    /// program.
    static func certificateFile(
        in environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandFailure) -> String? {
        guard let file = environment["SSL_CERT_FILE"], !file.isEmpty else { return nil }
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw CommandFailure(
                "SSL_CERT_FILE: \(file) cannot be read.",
                remedy: "Name a PEM file of the authorities to trust, or leave the variable out.")
        }
        return file
    }
}
