import FoundationEssentials

/// The folder of the project, for tests that use its files and programs.
package enum ProjectFolder {
    package static let path = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/")

    package static func file(_ name: String) -> String { "\(path)/\(name)" }

    package static func text(_ name: String) throws -> String {
        try String(contentsOfFile: file(name), encoding: .utf8)
    }

    package static func isExecutable(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: path)
    }
}
