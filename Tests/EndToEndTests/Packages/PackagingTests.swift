import Foundation
import Glibc
import ProcessTestSupport
import Testing

@testable import Reelgate

/// What is shipped beside the program: scripts, completions, units, image.
@Suite(.timeLimit(.minutes(5))) struct PackagingTests {
    private static let hadolint = PythonPrograms.program("hadolint")
    private static let analyzer = "/usr/bin/systemd-analyze"
    /// Whether mounts can be made and the root folder changed: CAP_SYS_ADMIN is bit 21.
    private static let canMount: Bool = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let capabilities = line?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
        return geteuid() == 0 && capabilities >> 21 & 1 == 1
    }()
    private static let hasSeccomp =
        ((try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/python3/dist-packages")) ?? [])
        .contains { $0.hasPrefix("seccomp.") }

    @Test(arguments: [
        "Config/packaging/debian/postinst", "Config/packaging/debian/prerm", "Config/packaging/debian/postrm",
    ])
    func `maintainer scripts are valid shell and stop at errors`(_ script: String) async throws {
        let checked = try await Tools.run("sh", ["-n", ProjectFolder.file(script)])
        #expect(checked.status == 0, "\(checked.errors)")
        let text = try ProjectFolder.text(script)
        #expect(text.hasPrefix("#!/bin/sh\n") && text.contains("\nset -e\n"))
    }

    @Test(arguments: [
        "Config/packaging/install-files", "Config/packaging/debian/build-package", "docker/assemble-root",
        "Tests/Packages/booted-service", "Tests/Packages/debian-root", "Tests/Packages/image-root",
        "Tests/Packages/run-all",
        "Tests/Demo/demo",
    ])
    func `scripts are valid shell`(_ script: String) async throws {
        let checked = try await Tools.run("bash", ["-n", ProjectFolder.file(script)])
        #expect(checked.status == 0, "\(checked.errors)")
    }

    @Test func `an installation is complete, works, and can be removed`() async throws {
        let folder = try ScratchFolder()
        let root = folder.path + "/root"
        let script = ProjectFolder.file("Config/packaging/install-files")
        let installed = try await Tools.run(script, [Tools.reelgate, "/usr/local", root])
        #expect(installed.status == 0, "\(installed.errors)")
        let bash = root + "/usr/local/share/bash-completion/completions/reelgate"
        #expect(try await Tools.run("bash", ["-n", bash]).status == 0)
        for name in ["zsh/site-functions/_reelgate", "fish/vendor_completions.d/reelgate.fish"] {
            let text = try String(contentsOfFile: "\(root)/usr/local/share/\(name)", encoding: .utf8)
            #expect(text.contains("health"), "\(name)")
        }
        let config = root + "/etc/reelgate/reelgate.yaml"
        let settings = try String(contentsOfFile: config, encoding: .utf8)
        #expect(settings.contains("sqlite: /var/lib/reelgate/reelgate.db"))
        #expect(settings.contains("directory: /var/lib/reelgate/archive"))
        #expect(try await Tools.run("reelgate", ["check", "--config", config]).status == 0)

        _ = try folder.write("# mine", to: "root/etc/reelgate/reelgate.yaml")
        #expect(try await Tools.run(script, [Tools.reelgate, "/usr/local", root]).status == 0)
        #expect(try String(contentsOfFile: config, encoding: .utf8) == "# mine")
        #expect(try await Tools.run(script, ["--remove", "/usr/local", root]).status == 0)
        let left = try await Tools.run("find", [root, "-type", "f"])
        #expect(left.lines == [config])
    }

    @Test(.enabled(if: ProjectFolder.isExecutable(analyzer), "systemd-analyze is missing: run 'make deps'"))
    func `the unit's exposure is at most 1.3`() async throws {
        let unit = ProjectFolder.file("Config/reelgate.service")
        let rated = try await Tools.run("systemd-analyze", ["security", "--offline=true", unit])
        let line = try #require(
            rated.lines.first { $0.contains("Overall exposure level") }, "\(rated.errors)")
        let exposure = try #require(line.split(separator: " ").compactMap { Double($0) }.first)
        #expect(exposure <= 1.3, "\(line)")
    }

    @Test(
        .enabled(
            if: canMount && hasSeccomp && ProjectFolder.isExecutable(analyzer),
            "needs root, python3-seccomp and systemd-analyze: run 'make deps'"))
    func `a gateway works under the unit's filter of system calls, which ends it at any other`() async throws
    {
        let folder = try ScratchFolder()
        let run = try await Tools.run(
            ProjectFolder.file("Tests/Packages/hardened-service"), [Tools.reelgate, folder.path, "--kill"])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
    }

    @Test(.enabled(if: canMount, "needs root, to change the root folder"))
    func `a gateway works in the image's root`() async throws {
        let folder = try ScratchFolder()
        let run = try await Tools.run(
            ProjectFolder.file("Tests/Packages/image-root"), [Tools.reelgate, folder.path + "/image"])
        #expect(run.status == 0, "\(run.text)\(run.errors)")
    }

    @Test(.enabled(if: ProjectFolder.isExecutable(hadolint), "hadolint is missing: run 'make deps'"))
    func `hadolint has no remark about the Dockerfile`() async throws {
        let checked = try await Tools.run(Self.hadolint, [ProjectFolder.file("docker/Dockerfile")])
        #expect(checked.status == 0 && checked.text.isEmpty, "\(checked.text)\(checked.errors)")
    }

    @Test func `the image has the program's version`() throws {
        let text = try ProjectFolder.text("docker/Dockerfile")
        #expect(text.contains("\nARG VERSION=\(Reelgate.version)\n"))
    }
}
