import Foundation

/// The stored inputs of the targets: what libFuzzer kept because it reached new code, and every past failure.
enum CorpusFolder {
    /// Returns the inputs of a target, ordered by name so that a seed selects the same ones everywhere.
    static func inputs(of target: String) throws -> [[UInt8]] {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let folder = package.appending(path: "Corpora/\(target)")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return try files.sorted { $0.path < $1.path }.map { [UInt8](try Data(contentsOf: $0)) }
    }
}
