import Glibc
import Testing
import Transport

@Suite struct DigestTests {
    // FIPS 180-2, appendix B.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the digest is the standard's, however the bytes are cut`(_ text: String, _ expected: String) {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var digest = SHA256Digest()
            digest.update(Array(bytes[..<cut]))
            digest.update(Array(bytes[cut...]))
            #expect(digest.finishHex() == expected)
        }
        #expect(SHA256Digest.hex(of: bytes) == expected)
    }
}

@Suite struct TimeTests {
    @Test func `the clocks agree with the C library's`() {
        #expect(abs(SystemTime.wallMilliseconds / 1000 - Int64(time(nil))) <= 1)
        let first = SystemTime.monotonicMilliseconds
        #expect(SystemTime.monotonicMilliseconds >= first)
    }

    @Test func `a duration is whole nanoseconds, never negative and never too much`() {
        #expect(Duration.milliseconds(1500).wholeNanoseconds == 1_500_000_000)
        #expect(Duration.seconds(-1).wholeNanoseconds == 0)
        #expect(Duration.seconds(Int64.max).wholeNanoseconds == 1_000_000_000_000_000_000)
    }

    @Test func `random bytes are as many as asked for and differ`() {
        #expect(Entropy.bytes(300).count == 300)
        #expect(Entropy.bytes(0).isEmpty)
        #expect(Entropy.bytes(16) != Entropy.bytes(16))
    }
}

@Suite struct FileTests {
    private let folder = "/tmp/reelgate-\(Entropy.number())"

    @Test func `a file has its name only when it is whole, and leaves nothing beside it`() throws {
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

    @Test func `a file that is given up leaves no trace`() throws {
        try FileSystem.makeFolder(folder)
        defer { removeAll() }
        do {
            var file = try DurableFile("\(folder)/x")
            try file.append([1])
        }
        #expect(try FileSystem.names(in: folder).isEmpty)
    }

    @Test func `a file that replaces another does so at once`() throws {
        try FileSystem.makeFolder(folder)
        defer { removeAll() }
        for content: [UInt8] in [[1], [2, 2]] {
            var file = try DurableFile("\(folder)/x")
            try file.append(content)
            try file.commit()
        }
        #expect(try OpenFile("\(folder)/x").read(at: 0, count: 9) == [2, 2])
    }

    @Test func `what is missing or no file is said`() throws {
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

@Suite struct SignalTests {
    @Test func `signals arrive on the loop, each as often as it was sent`() async throws {
        let (signals, sink) = AsyncStream<SignalWatch.Signal>.makeStream()
        try await loop.run { reactor in
            try SignalWatch.start(on: reactor, through: SignalWatch.Pipe()) { signal in
                precondition(loop.isCurrent)
                sink.yield(signal)
            }
        }
        var seen = signals.makeAsyncIterator()
        for (number, expected) in [
            (SIGTERM, SignalWatch.Signal.terminate), (SIGINT, .interrupt), (SIGINT, .interrupt),
        ] {
            kill(getpid(), number)
            #expect(await seen.next() == expected)
        }
    }

    @Test func `writing to a connection that is gone does not end the process`() async throws {
        // Making the loop turns SIGPIPE off.
        _ = try await loop.run { _ in 0 }
        var ends: [CInt] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let socket = StreamSocket(adopting: OwnedDescriptor(adopting: ends[0]))
        close(ends[1])
        let file = try OpenFile("/etc/passwd")
        do throws(SystemError) {
            _ = try socket.send(file, from: 0, count: 10)
            Issue.record("sent to nobody")
        } catch { #expect(error == SystemError("sendfile", EPIPE)) }
        do throws(SystemError) {
            _ = try socket.write([1], 0..<1)
            Issue.record("sent to nobody")
        } catch { #expect(error == SystemError("send", EPIPE)) }
    }
}
