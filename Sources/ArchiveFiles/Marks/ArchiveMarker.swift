import Gateway
import Transport

/// The file by which the folder of an archive differs from an empty mount point, and from any other folder.
///
/// Made at the first use of the archive, with a random id that the store records. Its name has no leading
/// dot, so that `rm *` and `mv *` include it.
struct ArchiveMarker: Sendable {
    static let name = "archive.id"
    private static let title = "reelgate-archive 1"
    private static let bytesMax = 4_096

    let root: String

    private var path: String { "\(root)/\(Self.name)" }

    /// Returns the id in the marker file; `nil` if there is no such file, or no id in it.
    func id() throws(SystemError) -> String? {
        guard let bytes = try SmallFile.read(path, limit: Self.bytesMax) else { return nil }
        // The last word of the file: an operator who begins a new archive writes the id alone.
        let words = String(decoding: bytes, as: UTF8.self).split { $0.isWhitespace }
        return words.last.map(String.init).flatMap { Self.isID($0) ? $0 : nil }
    }

    /// Marks the folder with a new id and returns it; durable on return.
    func make() throws(SystemError) -> String {
        let id = [Entropy.randomNumber(), Entropy.randomNumber()].map(Self.hexadecimal).joined()
        try SmallFile.replace(path, with: Array("\(Self.title) \(id)\n".utf8), syncingName: true)
        return id
    }

    /// Throws `unavailable` unless the folder's marker has this id.
    func check(_ id: String) throws(ArchiveError) {
        let found: String?
        do throws(SystemError) { found = try self.id() } catch {
            throw .unavailable(message: "the archive \(root) cannot be read (\(error))")
        }
        if found == id { return }
        let what =
            found == nil
            ? "has no marker file \(Self.name): its disk is not mounted, or the folder was replaced"
            : "has the marker of another archive"
        throw .unavailable(
            message: """
                the archive \(root) \(what); mount or put back the right one, or, if it is gone for good, \
                begin an empty one with: mkdir -p \(FileSystem.folder(of: path)) && echo \(id) > \(path)
                """)
    }

    private static func isID(_ text: String) -> Bool {
        text.utf8.count == 32 && text.allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    private static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
