import Foundation
import Glibc

/// A file system of a few megabytes, for tests of full and read-only disks.
package final class SmallDisk: Sendable {
    /// Whether this process may mount file systems.
    package static let isPossible =
        geteuid() == 0 && (try? SmallDisk(megabytes: 1, in: TemporaryFolder())) != nil

    private let root: String
    // Kept until the disk is unmounted.
    private let folder: TemporaryFolder

    /// Mounts a tmpfs in a folder. It is unmounted with this object.
    package init(megabytes: Int, in folder: TemporaryFolder) throws {
        self.folder = folder
        root = folder.path("disk-\(UInt16.random(in: .min ... .max))")
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        try Self.mount(root, options: "size=\(megabytes)m")
    }

    deinit { _ = unsafe umount2(root, CInt(MNT_DETACH)) }

    /// Returns the path of a file on the disk.
    package func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Remounts with `ro`, `rw` or an option of tmpfs such as `size=1m`.
    package func remount(_ option: String) throws {
        let flags = MS_REMOUNT | (option == "ro" ? MS_RDONLY : 0)
        try Self.mount(root, options: option == "ro" || option == "rw" ? "" : option, flags)
    }

    /// Fills the disk.
    package func fill() throws {
        try Data().write(to: URL(filePath: path("ballast")))
        let file = try FileHandle(forWritingTo: URL(filePath: path("ballast")))
        for piece in [1 << 20, 4 << 10] {
            while (try? file.write(contentsOf: Data(count: piece))) != nil {}
        }
        try file.close()
    }

    /// Frees the space, even if a child process has inherited the open file.
    package func free() throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path("ballast")))
        try file.truncate(atOffset: 0)
        try file.close()
        try FileManager.default.removeItem(atPath: path("ballast"))
    }

    private static func mount(_ root: String, options: String, _ flags: Int = 0) throws {
        let status = unsafe options.withCString { options in
            unsafe Glibc.mount("tmpfs", root, "tmpfs", UInt(flags), options)
        }
        guard status == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }
}
