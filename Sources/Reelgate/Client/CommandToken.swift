/// The token that a command sends to a gateway.
enum CommandToken {
    static let variable = "REELGATE_TOKEN"
    private static let bytesMax = 512

    /// Returns the token in a file, else the one in the environment; `nil` if there is none. Errors name the
    /// source, never the token.
    static func read(file: String?, environment: [String: String]) throws(CommandError) -> String? {
        if let file { return try token(inFile: file) }
        guard let token = environment[variable], !token.isEmpty else { return nil }
        return try checked(token, from: variable)
    }

    private static func token(inFile path: String) throws(CommandError) -> String {
        let bytes: [UInt8]
        do throws(LocalFileError) {
            bytes = try SecretFile(path: path, protection: .ownerOnly).read(limit: bytesMax)
        } catch {
            throw CommandError("--token-file \(path): \(error.message)", remedy: error.remedy)
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard bytes.dropFirst(line.count).allSatisfy({ $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
        else { throw malformed("--token-file \(path)") }
        return try checked(String(decoding: line, as: UTF8.self), from: "--token-file \(path)")
    }

    private static func checked(_ token: String, from source: String) throws(CommandError) -> String {
        guard (1...bytesMax).contains(token.utf8.count), token.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw malformed(source) }
        return token
    }

    private static func malformed(_ source: String) -> CommandError {
        CommandError(
            "\(source): this is not a token",
            remedy: "It must contain only the token, on one line: rg_ and 38 letters and digits.",
            status: .wrongUsage)
    }
}
