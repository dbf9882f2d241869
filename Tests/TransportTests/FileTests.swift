import Glibc
import Testing
import Transport

@Suite struct FileTests {
    private let folder = "/tmp/reelgate-\(Entropy.randomNumber())"

    @Test func `a file gets its name only when complete, and leaves nothing else`() throws {
        try FileSystem.makeFolder("\(folder)/a/b")
        try FileSystem.makeFolder("\(folder)/a/b")
        defer { removeAll() }
        let path = "\(folder)/a/b/video.mp4"
        var file = try DurableFile(path)
        try file.append([1, 2, 3])
        try file.append([])
        try file.append([4])
        #expect(file.size == 4)
        #expect(try file.read(at: 1, count: 10) == [2, 3, 4])
        #expect(try FileSystem.size(of: path) == nil)
        #expect(try FileSystem.names(in: "\(folder)/a/b").allSatisfy { $0.hasSuffix(".part") })
        try file.commit()
        #expect(try FileSystem.names(in: "\(folder)/a/b") == ["video.mp4"])
        #expect(try FileSystem.size(of: path) == 4)
        let opened = try OpenFile(path)
        #expect(opened.size == 4)
        #expect(try opened.read(at: 2, count: 10) == [3, 4])
    }

    @Test func `a discarded file leaves no trace`() throws {
        try FileSystem.makeFolder(folder)
        defer { removeAll() }
        do {
            var file = try DurableFile("\(folder)/x")
            try file.append([1])
        }
        #expect(try FileSystem.names(in: folder).isEmpty)
    }

    @Test func `a file replaces another atomically`() throws {
        try FileSystem.makeFolder(folder)
        defer { removeAll() }
        for content: [UInt8] in [[1], [2, 2]] {
            var file = try DurableFile("\(folder)/x")
            try file.append(content)
            try file.commit()
        }
        #expect(try OpenFile("\(folder)/x").read(at: 0, count: 9) == [2, 2])
    }

    @Test func `missing files and folders are reported`() throws {
        #expect(try FileSystem.remove("\(folder)/none") == false)
        #expect(throws: SystemError("open", ENOENT)) { _ = try OpenFile("\(folder)/none") }
        #expect(throws: SystemError("open", EISDIR)) { _ = try OpenFile("/tmp") }
        #expect(throws: SystemError("open", EINVAL)) { _ = try OpenFile("/dev/null") }
        #expect(throws: SystemError("open", ENOENT)) { _ = try DurableFile("\(folder)/none/x") }
        #expect(throws: SystemError.self) { try FileSystem.makeFolder("/dev/null/x") }
        #expect("\(SystemError("open", ENOENT))" == "open: No such file or directory (2)")
        #expect(try FileSystem.freeSpace(in: "/tmp") > 0)
    }

    private func removeAll() {
        for path in ["a/b/video.mp4", "x"] { _ = unsafe unlink("\(folder)/\(path)") }
        for path in ["a/b", "a", ""] { _ = unsafe rmdir("\(folder)/\(path)") }
    }
}
