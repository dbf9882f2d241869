import FoundationEssentials
package import JSONText

/// How a program that ran to its end ended.
package struct FinishedProgram {
    package var status: CInt
    package var output: [UInt8]
    package var errors: String

    package var text: String { String(decoding: output, as: UTF8.self) }
    package var lines: [String] { text.split(separator: "\n").map(String.init) }

    /// The output as JSON.
    package func json() throws -> JSONValue {
        try JSONValue(parsing: output, limits: JSONLimits(bytes: 16 << 20))
    }
}

/// Programs on this machine: ours, and those of others that look at ours from outside.
package enum Tools {
    /// The executable under test, beside the tests.
    package static let reelgate: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let folder = tests.lastIndex(of: "/").map { tests[..<$0] } ?? ""
        return folder + "/reelgate"
    }()

    /// Runs a program to its end. It gets only the environment that is named here.
    package static func run(
        _ name: String, _ arguments: [String], environment: [String: String] = [:], folder: String = "/"
    ) async throws -> FinishedProgram {
        let program = try RunningProgram(
            path(of: name), arguments, environment: environment.merging(surroundings) { own, _ in own },
            folder: folder)
        let output = await program.output.all()
        let errors = await program.errors.all()
        return FinishedProgram(
            status: await program.end(), output: output, errors: String(decoding: errors, as: UTF8.self))
    }

    /// What any program needs to find others, and where a sanitizer is to report what it finds in one.
    package static let surroundings: [String: String] = {
        let inherited = ProcessInfo.processInfo.environment
        let names = ["PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TMPDIR", "ASAN_OPTIONS", "TSAN_OPTIONS"]
        return inherited.filter { names.contains($0.key) }
    }()

    private static func path(of name: String) -> String {
        if name == "reelgate" { return reelgate }
        let folders = (surroundings["PATH"] ?? "").split(separator: ":")
        let found = folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        return found ?? name
    }
}
