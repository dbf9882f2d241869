import Foundation
import Testing

@testable import Dashboard

/// The embedded files: small, complete, and without anything that a strict browser refuses.
@Suite struct DashboardFilesTests {
    private let files = DashboardFiles { DashboardFilesTests.digest($0) }

    /// Stands for SHA-256.
    private static func digest(_ bytes: [UInt8]) -> String {
        let sum = bytes.reduce(UInt64(17)) { $0 &* 31 &+ UInt64($1) }
        let text = String(sum, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    private var all: [DashboardFile] { files.files + [files.page] }

    private func text(_ file: DashboardFile) -> String { String(decoding: file.bytes, as: UTF8.self) }

    @Test func `all files together are under 100 KiB`() {
        let size = all.reduce(0) { $0 + $1.bytes.count }
        #expect(size < 100 * 1024, "\(size) bytes")
    }

    /// The files as they are written.
    private static var sources: [String: String] {
        get throws {
            // This file's folder is three levels below the project's.
            let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
            let folder = root.joined(separator: "/") + "/Sources/Dashboard/Files"
            var sources: [String: String] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                sources[name] = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            }
            return sources
        }
    }

    @Test func `every file of the folder is served under its name`() throws {
        let sources = try Self.sources
        #expect(Set(sources.keys) == Set(all.map(\.name)))
        for (name, source) in sources where name.hasSuffix(".js") || name.hasSuffix(".css") {
            // Comments and indentation are not served; the code is, line by line.
            let lines = source.split(separator: "\n").map { $0.drop { $0 == " " } }
            let served = try #require(files.file(named: name)).bytes
            let other = String(decoding: served, as: UTF8.self).split(separator: "\n")
                .first { !lines.contains($0) }
            #expect(other == nil, "\(name)")
        }
    }

    @Test func `compaction keeps code and assertions of types, and nothing else`() {
        let source = """
            // A comment.
            /** One line. */
            const a = 1 // kept

              /* Several
               * lines. */
              const b = /** @type {any} */ (a)
            /** @type {any} */ (a).c = '/* no comment */'
            const url = 'https://example.com' // kept
            """
        let expected = """
            const a = 1 // kept
            const b = /** @type {any} */ (a)
            /** @type {any} */ (a).c = '/* no comment */'
            const url = 'https://example.com' // kept

            """
        #expect(String(decoding: SourceCompaction.compact(Array(source.utf8)), as: UTF8.self) == expected)
    }

    @Test func `no text spans lines, and no code follows the end of a comment of several lines`() throws {
        for (name, source) in try Self.sources where name.hasSuffix(".js") {
            for line in source.split(separator: "\n") {
                #expect(line.filter { $0 == "`" }.count.isMultiple(of: 2), "\(name): \(line)")
                let isRest = line.drop { $0 == " " }.hasPrefix("*") && line.contains("*/")
                #expect(!isRest || line.hasSuffix("*/"), "\(name): \(line)")
            }
        }
    }

    @Test func `the page and the modules name only files that exist, by relative URLs`() throws {
        let named = text(files.page).split(separator: "\"").filter { $0.hasPrefix("dashboard/") }
        #expect(named.count >= 4)
        for url in named {
            let prefix = "dashboard/files/\(files.version)/"
            #expect(url.hasPrefix(prefix))
            #expect(files.file(named: String(url.dropFirst(prefix.count))) != nil, "\(url)")
        }
        for file in files.files where file.name.hasSuffix(".js") {
            let imports = text(file).split(separator: "\n").filter { $0.hasPrefix("import ") }
            for line in imports {
                let url = line.split(separator: "'").last ?? ""
                #expect(url.hasPrefix("./"), "\(file.name): \(line)")
                #expect(files.file(named: String(url.dropFirst(2))) != nil, "\(file.name): \(line)")
            }
        }
    }

    @Test(arguments: [
        "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc",
        "style=", ".setAttribute('style'", "javascript:", "<style", "onclick=", "onload=", "@import", "url(",
        "createContextualFragment", "DOMParser", "importScripts", "localStorage.setItem('token",
    ])
    func `no file has what the content security policy forbids`(_ construct: String) {
        for file in all { #expect(!text(file).contains(construct), "\(file.name) has \(construct)") }
    }

    @Test func `no file loads anything from elsewhere, and no script is inline`() {
        for file in all {
            let hosts = text(file).components(separatedBy: "://").dropFirst()
                .map { String($0.prefix { $0.isLetter || $0.isNumber || $0 == "." }) }.filter { !$0.isEmpty }
            // An XML namespace, and the address in the example of a job.
            #expect(Set(hosts).isSubset(of: ["www.w3.org", "example.com"]), "\(file.name): \(hosts)")
        }
        let scripts = text(files.page).components(separatedBy: "<script").dropFirst()
        #expect(scripts.count == 2)
        for script in scripts { #expect(script.hasPrefix(" ") && script.contains("></script>")) }
    }

    @Test func `every script is checked as typed JavaScript`() throws {
        for (name, source) in try Self.sources where name.hasSuffix(".js") {
            #expect(source.hasPrefix("// @ts-check\n"), "\(name)")
            #expect(files.file(named: name)?.mediaType == "text/javascript; charset=utf-8")
        }
    }

    @Test func `the version is a digest of everything`() {
        #expect(files.version.wholeMatch(of: /[0-9a-f]{16}/) != nil)
        #expect(DashboardFiles { Self.digest($0) }.version == files.version)
        #expect(DashboardFiles { Self.digest([1] + $0) }.version != files.version)
        #expect(!text(files.page).contains("{{"))
    }
}
