/// The limits of an archive of files.
package struct ArchiveSettings: Equatable, Sendable {
    /// No video may be larger than the whole archive.
    package var bytesMax: Int64
    /// Whether a copy must be a whole MP4.
    package var verify: Bool
    /// Bytes of the disk that stay free for others.
    package var reserve: Int64 = 64 << 20
    /// A link that sends nothing for this long has failed.
    package var stallTimeout: Duration = .seconds(60)

    /// How many bytes are written between two looks at the disk's free space.
    let spaceStep: Int64 = 8 << 20

    package init(bytesMax: Int64 = 50 << 30, verify: Bool = true) {
        self.bytesMax = bytesMax
        self.verify = verify
    }
}
