import FoundationEssentials

/// The folder of the project, and what its tests of packaging need from the system.
enum ProjectFolder {
    static let path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
        .joined(separator: "/")

    static func file(_ name: String) -> String { "\(path)/\(name)" }

    static func text(_ name: String) throws -> String {
        try String(contentsOfFile: file(name), encoding: .utf8)
    }

    static func isExecutable(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: path)
    }
}
