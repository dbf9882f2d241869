import Glibc
import Transport

/// A file that contains a secret. It is read only if no other user can read or replace its content.
struct SecretFile {
    /// The permission bits that a file must not have.
    enum Protection: UInt32, Sendable {
        /// Access for the owner only.
        case ownerOnly = 0o077
        /// As systemd creates credentials: mode 0400, or 0440 if an access control list admits the service's
        /// user.
        case credential = 0o027
    }

    let path: String
    let protection: Protection

    /// Reads the file as UTF-8, without a leading byte order mark. The file that was opened is the one that
    /// is checked, so it cannot be exchanged in between.
    ///
    /// - Parameter limit: the maximum length in bytes of UTF-8.
    func read(limit: Int) throws(LocalFileError) -> [UInt8] {
        let file: OpenFile
        do throws(SystemError) { file = try OpenFile(path) } catch { throw Self.openError(error) }
        try check(owner: file.owner, permissions: file.permissions)
        let tooLong = LocalFileError(message: "it is longer than \(limit) bytes")
        // UTF-16 has at most twice as many bytes.
        guard file.size / 2 - 2 <= limit else { throw tooLong }
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try file.read(at: 0, count: Int(file.size)) } catch {
            throw LocalFileError(message: "it cannot be read (\(error))")
        }
        let text = try LocalFile.decoded(bytes)
        guard text.count <= limit else { throw tooLong }
        return text
    }

    private func check(owner: UInt32, permissions: UInt32) throws(LocalFileError) {
        let user = geteuid()
        guard owner == user || owner == 0 else {
            throw LocalFileError(
                message: "it belongs to user \(owner), who can read and replace it",
                remedy: "chown \(user) \(path)")
        }
        let excess = permissions & protection.rawValue
        guard excess == 0 else {
            let verbs = (excess & 0o044 != 0 ? ["read"] : []) + (excess & 0o022 != 0 ? ["write"] : [])
            let access = verbs.isEmpty ? "have access to" : verbs.joined(separator: " and ")
            throw LocalFileError(
                message: "other users can \(access) it (mode \(String(permissions, radix: 8)))",
                remedy: "chmod 600 \(path)")
        }
    }

    private static func openError(_ error: SystemError) -> LocalFileError {
        switch error.code {
        case ENOENT, ENOTDIR: LocalFileError(message: "there is no such file")
        case EISDIR: LocalFileError(message: "it is a folder")
        case EINVAL, ENXIO: LocalFileError(message: "it is not a regular file")
        case EACCES: LocalFileError(message: "it cannot be read: check its owner and mode")
        case _: LocalFileError(message: "it cannot be read (\(error))")
        }
    }
}
