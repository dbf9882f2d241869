import Dispatch
package import Gateway
import Transport

/// A copy of the store's high-water mark in a file: `store-<id of the store>.mark`.
///
/// One file for each store that was ever used here: a new store does not replace the mark of an earlier one,
/// which may be restored from a backup.
package struct MarkFile: HighWaterMark {
    private static let title = "reelgate-high-water-mark 1"
    private static let bytesMax = 4_096
    /// The sequences that a store can reach.
    private static let plausible: ClosedRange<Int64> = 0...(1 << 60)

    private let folder: String
    private let kind: String
    /// Throws while nothing may be written into the folder.
    private let checkFolder: @Sendable () throws -> Void
    /// File access blocks, which Swift's few shared threads must not.
    private let disk = DispatchQueue(label: "reelgate.mark")

    /// A copy in the folder of the store, where its lock is.
    package init(besideStore path: String) {
        self.init(in: FileSystem.folder(of: path), kind: "store") {}
    }

    init(in folder: String, kind: String, checkFolder: @escaping @Sendable () throws -> Void) {
        self.folder = folder
        self.kind = kind
        self.checkFolder = checkFolder
    }

    package var location: String { "\(folder)/\(kind)-*.mark" }

    package func read(storeID: String) async -> Int64? {
        guard let path = path(storeID) else { return nil }
        return await withCheckedContinuation { caller in
            disk.async { caller.resume(returning: Self.sequence(in: path, of: storeID)) }
        }
    }

    package func write(_ sequence: Int64, storeID: String) async throws(HighWaterMarkError) {
        guard let path = path(storeID) else {
            throw HighWaterMarkError("the store's id cannot be part of a file name")
        }
        let text = "\(Self.title)\nstore \(storeID)\nsequence \(sequence)\n"
        let failure: HighWaterMarkError? = await withCheckedContinuation { caller in
            disk.async { [checkFolder] in
                do {
                    try checkFolder()
                    // After a power failure the earlier file may be back: a lower mark, which is harmless.
                    try SmallFile.replace(path, with: Array(text.utf8), syncingName: false)
                    caller.resume(returning: nil)
                } catch {
                    let message = (error as? ArchiveError)?.message ?? "\(error)"
                    caller.resume(returning: HighWaterMarkError(message))
                }
            }
        }
        if let failure { throw failure }
    }

    /// The id comes from a database that people can edit.
    private func path(_ storeID: String) -> String? {
        let isPlain = storeID.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        guard isPlain, (1...64).contains(storeID.utf8.count) else { return nil }
        return "\(folder)/\(kind)-\(storeID).mark"
    }

    /// Returns the sequence in a file that is complete and about this store; `nil` for any other.
    static func sequence(in path: String, of storeID: String) -> Int64? {
        guard let bytes = try? SmallFile.read(path, limit: bytesMax) else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0] == title, lines[1] == "store \(storeID)", lines[3].isEmpty,
            lines[2].hasPrefix("sequence ")
        else { return nil }
        return Int64(lines[2].dropFirst("sequence ".count)).flatMap { plausible.contains($0) ? $0 : nil }
    }
}
