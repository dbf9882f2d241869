import Foundation

/// The inputs that are kept for a target: what fuzzing found worth keeping, and whatever once failed.
enum CorpusFolder {
    /// In the order of their names, so that a seed chooses the same ones everywhere.
    static func inputs(of target: String) throws -> [[UInt8]] {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = tests.appending(path: "FuzzCorpora/\(target)")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.sorted { $0.path < $1.path }.map { [UInt8](try Data(contentsOf: $0)) }
    }
}
