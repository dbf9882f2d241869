import Foundation
import JSONText
import ProcessTestSupport
import Testing

/// The manual page, which is written from the program's own description of its commands.
@Suite(.timeLimit(.minutes(3))) struct ManualPageTests {
    private static let mandoc = "/usr/bin/mandoc"

    private func page(in folder: ScratchFolder) async throws -> String {
        let written = try await Tools.run(
            "python3",
            [
                ProjectFolder.file("Config/packaging/write-man-page"), Tools.reelgate,
                "/usr/share/doc/reelgate",
            ])
        try #require(written.status == 0, "\(written.errors)")
        return try folder.write(written.text, to: "reelgate.1")
    }

    @Test(.enabled(if: ProjectFolder.isExecutable(mandoc), "mandoc is missing: run 'make deps'"))
    func `mandoc has no remark`() async throws {
        let folder = try ScratchFolder()
        let checked = try await Tools.run("mandoc", ["-T", "lint", try await page(in: folder)])
        #expect(checked.status == 0 && checked.text.isEmpty, "\(checked.text)\(checked.errors)")
    }

    @Test func `every command and every option is described in a section of its command`() async throws {
        let folder = try ScratchFolder()
        let page = try String(contentsOfFile: await page(in: folder), encoding: .utf8)
            .replacing("\\-", with: "-")
        let sections = page.components(separatedBy: "\n.Ss ").dropFirst()
        let dump = try await Tools.run("reelgate", ["--experimental-dump-help"])
        let root = try #require(try JSONValue(parsing: Array(dump.text.utf8))["command"])
        let commands = Self.commands(root, [])
        #expect(commands.count > 20)
        for (name, command) in commands {
            let section = try #require(sections.first { $0.hasPrefix(name + "\n") }, "\(name)")
            let lines = section.split(separator: "\n")
            #expect(command["abstract"]?.string?.isEmpty == false, "\(name)")
            for argument in command["arguments"]?.array ?? [] {
                let tags = Self.tags(argument)
                #expect(
                    tags.isEmpty || lines.contains { line in tags.contains { line.hasPrefix($0) } },
                    "\(name): \(tags)")
            }
        }
    }

    @Test func `every variable of the documentation is described`() throws {
        let page = try ProjectFolder.text("Config/packaging/reelgate.mdoc")
        let operations = try ProjectFolder.text("Sources/Reelgate/Reelgate.docc/Operations.md")
        let names = operations.matches(of: #/REELGATE_[A-Z_]*[A-Z]/#).map { String($0.output) }
        #expect(names.count > 5)
        for name in Set(names) { #expect(page.contains(name), "\(name)") }
    }

    /// Returns a command's subcommands, each with its full name.
    private static func commands(_ command: JSONValue, _ parents: [String]) -> [(String, JSONValue)] {
        let path = parents + [command["commandName"]?.string ?? ""]
        let children = (command["subcommands"]?.array ?? []).filter { $0["commandName"]?.string != "help" }
        let own = parents.isEmpty ? [] : [(path.joined(separator: " "), command)]
        return own + children.flatMap { commands($0, path) }
    }

    /// Returns how the line of an argument may begin; nothing for those of all commands.
    private static func tags(_ argument: JSONValue) -> [String] {
        if argument["kind"]?.string == "positional" {
            return [".It Ar \(argument["valueName"]?.string ?? "")"]
        }
        let names = (argument["names"]?.array ?? []).compactMap { $0["name"]?.string }
        return names.contains("help") || names.contains("version") ? [] : names.map { ".It Fl -\($0)" }
    }
}
