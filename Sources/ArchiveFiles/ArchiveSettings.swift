/// The limits of an archive of files.
package struct ArchiveSettings: Equatable, Sendable {
    /// No video may be larger than the whole archive.
    package var bytesMax: Int64
    /// Whether downloads are verified; otherwise every complete one is published.
    package var verify: Bool
    /// Bytes of quarantined downloads together; those of the oldest tasks are removed first.
    package var quarantineBytesMax: Int64 { bytesMax / 10 }
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
