import FoundationEssentials

/// Whom outbound TLS trusts.
enum OutboundTrust {
    /// The PEM file of authorities that the environment names, for those who have an authority of their own.
    /// libcurl has the system's built in and leaves these variables, which OpenSSL and curl obey, to the
    /// program. The first that is set counts.
    static func certificateFile(
        in environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(CommandError) -> String? {
        let names = ["SSL_CERT_FILE", "CURL_CA_BUNDLE"]
        guard let name = names.first(where: { environment[$0]?.isEmpty == false }),
            let file = environment[name]
        else { return nil }
        guard FileManager.default.isReadableFile(atPath: file) else {
            throw CommandError(
                "\(name): \(file) cannot be read.",
                remedy: "Name a PEM file of the authorities to trust, or leave the variable out.")
        }
        return file
    }
}
