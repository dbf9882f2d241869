import FoundationEssentials

/// The Python of `make deps`, with the packages from PyPI that tests use.
package enum PythonPrograms {
    private static let folder = ProjectFolder.file(".build-python")

    package static let python = program("python")

    /// The same, or the system's where it is not installed.
    package static let pythonOrSystem = ProjectFolder.isExecutable(python) ? python : "python3"

    /// Returns the path of a program that a package brings.
    package static func program(_ name: String) -> String { "\(folder)/bin/\(name)" }

    /// Whether a package is installed.
    ///
    /// - Parameter module: its folder, such as `opentelemetry/proto`.
    package static func hasPackage(_ module: String) -> Bool {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/lib")) ?? []
        return versions.contains {
            FileManager.default.fileExists(atPath: "\(folder)/lib/\($0)/site-packages/\(module)")
        }
    }
}
