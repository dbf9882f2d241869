import FoundationEssentials

/// The certificate authorities that outbound TLS trusts.
enum OutboundTrust {
    /// Returns the PEM file of authorities from the environment. libcurl has the system's file built in and
    /// leaves these variables, which OpenSSL and curl honour, to the program. The first set variable is used.
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
                remedy: "Specify a PEM file of the authorities to trust, or unset the variable.")
        }
        return file
    }
}
