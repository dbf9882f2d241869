import Dispatch
import Glibc
import ProcessTestSupport
import Synchronization
import Testing

@testable import Reelgate

/// Log lines while nobody reads them, or the disk is full.
@Suite(.timeLimit(.minutes(3))) struct LogOutputTests {
    @Test func `lines are written in order, several at once, none in parts`() {
        let written = Written()
        let output = LogOutput(wholeWriteMax: 100) { written.append($0, all: $0.count) }
        for number in 0..<1000 { output.append("line \(number)") }
        output.append(String(repeating: "x", count: 500))
        output.flush(within: .seconds(60))
        let lines = written.text.split(separator: "\n").map(String.init)
        #expect(lines == (0..<1000).map { "line \($0)" } + [String(repeating: "x", count: 500)])
        #expect(written.parts.allSatisfy { $0.last == UInt8(ascii: "\n") })
        #expect(written.parts.count { $0.count > 100 } == 1)
    }

    @Test func `a line never waits for the reader, and those beyond the limit are counted`() {
        let (written, gate) = (Written(), DispatchSemaphore(value: 0))
        let output = LogOutput(wholeWriteMax: 4096) { bytes in
            gate.wait()
            gate.signal()
            return written.append(bytes, all: bytes.count)
        }
        let line = String(repeating: "x", count: 999)
        let fitting = LogOutput.bytesMax / 1000
        for _ in 0..<fitting + 7 { output.append(line) }
        #expect(!output.hasRoom)
        // There is no room for a line about them yet.
        #expect(output.takeDropped() == 0)
        output.flush(within: .milliseconds(1))
        #expect(written.parts.isEmpty)
        gate.signal()
        output.flush(within: .seconds(60))
        #expect(output.hasRoom)
        #expect(output.takeDropped() == 7)
        #expect(output.takeDropped() == 0)
        #expect(written.text.split(separator: "\n").count == fitting)
    }

    @Test func `a line that the disk took in part spoils no other, and lost ones are counted`() {
        let written = Written()
        let room = Mutex(10)
        let output = LogOutput(wholeWriteMax: 20) { bytes in
            let count = room.withLock { room in
                defer { room -= min(room, bytes.count) }
                return min(room, bytes.count)
            }
            return written.append(bytes, all: count)
        }
        for text in ["first", "second", "third"] {
            output.append(text)
            output.flush(within: .seconds(60))
        }
        room.withLock { $0 = 1000 }
        output.append("fourth")
        output.flush(within: .seconds(60))
        #expect(written.text == "first\nseco\nfourth\n")
        #expect(output.takeDropped() == 2)
    }

    @Test func `a log that nobody reads stops neither jobs nor a shutdown`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(
            #"[{"match":{"kind":"create","prompt":"refuse"},"times":1000,"do":{"status":422}}]"#)
        let config = try fixture.writeConfiguration()
        let program = try RunningProgram(
            "/bin/bash",
            [
                "-c", #"mkfifo errors && exec 3<>errors && exec "$0" serve --config "$1" 2>&3"#,
                Tools.reelgate, config,
            ],
            environment: Tools.baseEnvironment.merging(
                ["REELGATE_PROVIDER_API_KEY": EndToEndFixture.key]
            ) { $1 },
            folder: fixture.folder.path)
        let url = try await program.listeningAddress()
        let refused = GatewayUnderTest.exampleJob.replacing("A woman walking", with: "refuse")
        // A pipe takes 64 KiB, and each of these jobs has lines of some hundred bytes.
        for _ in 0..<250 {
            let response = try await Curl.post("\(url)/v1/videos/generations", refused)
            #expect(response.status == 422)
        }
        let response = try await Curl.post("\(url)/v1/videos/generations", GatewayUnderTest.exampleJob)
        #expect(response.status == 200)
        program.signal(SIGTERM)
        #expect(await program.end() == 0)
    }
}

/// Keeps what was written, with one part for each call.
private final class Written: Sendable {
    private let bytes = Mutex<[[UInt8]]>([])

    var parts: [[UInt8]] { bytes.withLock(\.self) }
    var text: String { String(decoding: parts.joined(), as: UTF8.self) }

    /// Takes the first bytes; returns how many.
    func append(_ new: [UInt8], all count: Int) -> Int {
        if count > 0 { bytes.withLock { $0.append(Array(new.prefix(count))) } }
        return count
    }
}
