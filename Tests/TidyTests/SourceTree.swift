import FoundationEssentials

/// The files of this project, found from the path of this test.
enum SourceTree {
    /// The project's folder, three levels above this file.
    static let root: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(3).joined(separator: "/")
    }()

    /// Every Swift file of the project, read once.
    static let swiftFiles: [SwiftFile] = paths(under: ["Sources", "Tests"]) { $0.hasSuffix(".swift") }
        .map { SwiftFile(path: $0, text: text(of: $0)) }

    /// Everything that a person reads: code, scripts, configuration and pages.
    static let writtenFiles: [String] =
        paths(under: ["Sources", "Tests", "Config", "docker", ".ci"]) { path in
            !["/Media/", "/Corpus/", "/Corpora/", "/Resources/"].contains { path.contains($0) }
        } + ["Makefile", "Package.swift", "README.md"]

    /// Paths from the project's folder, sorted.
    static func paths(under folders: [String], where isWanted: (String) -> Bool) -> [String] {
        folders.flatMap { folder in
            ((try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")) ?? [])
                .map { "\(folder)/\($0)" }
        }
        .filter { isWanted($0) && !$0.contains("/.build") && !isFolder($0) }.sorted()
    }

    /// The bytes of a file; a file that is gone reads as empty.
    static func bytes(of path: String) -> [UInt8] {
        FileManager.default.contents(atPath: "\(root)/\(path)").map { [UInt8]($0) } ?? []
    }

    static func text(of path: String) -> String { String(decoding: bytes(of: path), as: UTF8.self) }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder) && isFolder
    }
}
