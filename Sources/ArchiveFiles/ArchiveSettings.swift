/// The limits of an archive of files.
package struct ArchiveSettings: Equatable, Sendable {
    /// No video may be larger than the whole archive.
    package var bytesMax: Int64
    /// Whether to try to verify what came; otherwise everything complete is published as it is.
    package var verify: Bool
    /// Bytes of what is kept aside because it could not be published; the oldest goes first.
    package var asideBytesMax: Int64 { bytesMax / 10 }
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
