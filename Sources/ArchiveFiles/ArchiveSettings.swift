import Gateway
import Transport

/// The limits of an archive of files.
package struct ArchiveSettings: Equatable, Sendable {
    /// No video may be larger than the whole archive.
    package var bytesMax: Int64
    /// Whether downloads are verified; otherwise every complete one is published.
    package var verify: Bool
    /// Bytes of quarantined downloads together; those of the oldest tasks are removed first.
    package var quarantineBytesMax: Int64 { bytesMax / 10 }
    /// Unfinished downloads that are kept to be continued, together; those of the oldest tasks are removed
    /// first.
    package var partialsBytesMax: Int64 { bytesMax / 10 }
    package var partialsMax = 1_000
    /// Bytes of the disk that stay free for other uses.
    package var reserve: Int64 = 64 << 20
    /// The time without a received byte after which a download has failed.
    package var stallTimeout: Duration = .seconds(60)

    /// Bytes that are written between two checks of the disk's free space.
    let spaceStep: Int64 = 8 << 20

    package init(bytesMax: Int64 = 50 << 30, verify: Bool = true) {
        self.bytesMax = bytesMax
        self.verify = verify
    }
}

extension ArchiveSettings {
    /// Throws if the disk is almost full: the store usually is on the same one.
    func checkSpace(in folder: String) throws {
        let free = try FileSystem.freeSpace(in: folder)
        guard free >= reserve else {
            throw ArchiveError.disk(
                message: "only \(free) bytes are free on the archive's disk; free some space")
        }
    }
}
