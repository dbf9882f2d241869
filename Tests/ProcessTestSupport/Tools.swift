import FoundationEssentials

/// Programs that tests run: the executable under test and tools of the system.
package enum Tools {
    /// The path of the executable under test, in the folder of the tests.
    package static let reelgate: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = tests.lastIndex(of: "/").map { tests[..<$0] } ?? ""
        return folder + "/reelgate"
    }()

    /// Runs a program and waits for its exit. The environment is `baseEnvironment` and the given variables.
    package static func run(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], folder: String = "/"
    ) async throws -> FinishedProgram {
        let program = try RunningProgram(
            path(of: name), arguments, environment: environment.merging(baseEnvironment) { own, _ in own },
            folder: folder)
        let output = await program.output.all()
        let errors = await program.errors.all()
        return FinishedProgram(
            status: await program.end(), output: output, errors: String(decoding: errors, as: UTF8.self))
    }

    /// The inherited variables of every program: paths and locale, and the options of sanitizers.
    package static let baseEnvironment: [String: String] = {
        let inherited = ProcessInfo.processInfo.environment
        let names = ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR", "ASAN_OPTIONS", "TSAN_OPTIONS"]
        return inherited.filter { names.contains($0.key) }
    }()

    private static func path(of name: String) -> String {
        if name == "reelgate" { return reelgate }
        let folders = (baseEnvironment["PATH"] ?? "").split(separator: ":")
        let found = folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        return found ?? name
    }
}
