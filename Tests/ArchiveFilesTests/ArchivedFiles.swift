import Foundation

@testable import ArchiveFiles

/// The files of an archive on disk.
enum ArchivedFiles {
    /// Returns the paths of all files in an archive's folder, without its marker.
    static func paths(in root: String) -> [String] {
        (FileManager.default.subpaths(atPath: root) ?? []).filter {
            $0.contains(".") && $0 != ArchiveMarker.name
        }
    }
}
