import Foundation

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
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", root)
    }

    deinit { try? Self.run("umount", "-l", root) }

    /// Returns the path of a file on the disk.
    package func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Remounts with an option such as `ro`.
    package func remount(_ option: String) throws { try Self.run("mount", "-o", "remount,\(option)", root) }

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

    private static func run(_ command: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
    }
}
