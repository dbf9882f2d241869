import Glibc
import ProcessTestSupport
import Testing

@testable import Reelgate

@Suite struct SecretFileTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func read(_ path: String, _ protection: SecretFile.Protection) throws(LocalFileError) -> String {
        String(
            decoding: try SecretFile(path: path, protection: protection).read(limit: 10), as: UTF8.self)
    }

    @Test(arguments: [0o600, 0o400, 0o700])
    func `a file that only its owner can use is read`(_ mode: Int) throws {
        let path = try folder.write("secret", to: "key", mode: mode)
        #expect(try read(path, .ownerOnly) == "secret")
    }

    @Test(arguments: [
        (0o640, "read"), (0o604, "read"), (0o620, "write"), (0o602, "write"), (0o666, "read and write"),
        (0o610, "have access to"),
    ])
    func `a file that others can use is rejected with a remedy`(_ mode: Int, _ access: String) throws {
        let path = try folder.write("secret", to: "key", mode: mode)
        let error = #expect(throws: LocalFileError.self) { try read(path, .ownerOnly) }
        let octal = String(mode, radix: 8)
        #expect(error?.message == "other users can \(access) it (mode \(octal))")
        #expect(error?.remedy == "chmod 600 \(path)")
    }

    @Test(arguments: [(0o400, true), (0o440, true), (0o460, false), (0o444, false), (0o404, false)])
    func `a credential may be readable for the group, as systemd creates it`(
        _ mode: Int, _ isAccepted: Bool
    ) throws {
        let path = try folder.write("secret", to: "key", mode: mode)
        if isAccepted {
            #expect(try read(path, .credential) == "secret")
        } else {
            #expect(throws: LocalFileError.self) { try read(path, .credential) }
        }
    }

    @Test func `the file behind a symbolic link is the one that is checked`() throws {
        _ = try folder.write("secret", to: "target", mode: 0o644)
        let link = folder.path + "/link"
        let linked = unsafe symlink("target", link)
        #expect(linked == 0)
        #expect(throws: LocalFileError.self) { try read(link, .ownerOnly) }
        _ = try folder.write("secret", to: "target", mode: 0o600)
        #expect(try read(link, .ownerOnly) == "secret")
    }

    @Test func `anything but a regular file is rejected without waiting for it`() throws {
        let pipe = folder.path + "/pipe"
        let made = unsafe mkfifo(pipe, 0o600)
        #expect(made == 0)
        for (path, message) in [
            (pipe, "it is not a regular file"), ("/dev/null", "it is not a regular file"),
            (folder.path, "it is a folder"), (folder.path + "/none", "there is no such file"),
            (folder.path + "/none/key", "there is no such file"),
        ] {
            let error = #expect(throws: LocalFileError.self) { try read(path, .ownerOnly) }
            #expect(error?.message == message)
        }
    }

    @Test func `a file that is too long is rejected`() throws {
        let path = try folder.write("0123456789a", to: "key", mode: 0o600)
        let error = #expect(throws: LocalFileError.self) { try read(path, .ownerOnly) }
        #expect(error?.message == "it is longer than 10 bytes")
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
    func `a file of another user is rejected`() throws {
        let path = try folder.write("secret", to: "key", mode: 0o600)
        let given = unsafe chown(path, 12_345, 12_345)
        #expect(given == 0)
        let error = #expect(throws: LocalFileError.self) { try read(path, .ownerOnly) }
        #expect(error?.message == "it belongs to user 12345, who can read and replace it")
        #expect(error?.remedy == "chown 0 \(path)")
    }
}
