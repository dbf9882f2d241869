import COpenSSL
import TLS
import Testing
import Transport

@Suite struct StreamTests {
    private func joined(_ version: CInt = TLS1_3_VERSION) async throws -> TLSPair {
        let identity = try TLSIdentity(try await TestAuthority.settings())
        let line = TLSPair(identity, TLSClient.Kind(versions: version...version))
        #expect(line.continueHandshake())
        return line
    }

    @Test func `application data received with the handshake's end is reported as buffered`() async throws {
        let identity = try TLSIdentity(try await TestAuthority.settings())
        let line = TLSPair(identity)
        line.client.continueHandshake()
        line.carryToServer()
        _ = line.step()
        line.carryToClient()
        #expect(line.client.continueHandshake())
        line.client.write("early")
        line.carryToServer()
        #expect(line.step() == .done)
        #expect(line.holdsInput)
        #expect(try line.read().1 == "early")
        #expect(!line.holdsInput)
        #expect(try line.read().0 == .blocked)
    }

    @Test func `data that does not fit into a read is reported as buffered`() async throws {
        let line = try await joined()
        let text = String(repeating: "0123456789", count: 3000)
        line.client.write(text)
        line.carryToServer()
        let (progress, first) = try line.read(room: 1000)
        #expect(progress == .moved(1000))
        #expect(line.holdsInput)
        let rest = try line.readAll()
        #expect(first + rest == text)
        #expect(!line.holdsInput)
    }

    @Test func `a large response to a slow client arrives completely`() async throws {
        let line = try await joined()
        let response = Array(String(repeating: "a line of text\n", count: 100_000).utf8)
        var (sent, text, waits) = (0, "", 0)
        while sent < response.count {
            switch try line.server.write(response, sent..<response.count) {
            case .moved(let count): sent += count
            case .blocked:
                waits += 1
                line.carryToClient()
                text += line.client.read()
            case .ended: throw SystemError.fileTooShort
            }
        }
        while line.carryToClient() { text += line.client.read() }
        #expect(waits > 1)
        #expect(Array(text.utf8) == response)
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `close_notify and truncation both end reading, and writing continues`(_ version: CInt) async throws {
        for saysEnd in [true, false] {
            let line = try await joined(version)
            line.client.write("all of it")
            if saysEnd { line.client.sendCloseNotify() }
            line.carryToServer()
            #expect(try line.read().1 == "all of it")
            // Otherwise no event would announce it before the client closes.
            if saysEnd { #expect(line.holdsInput) }
            line.cut()
            #expect(try line.read().0 == .ended)
            #expect(try line.write("response") == .moved(8))
            line.carryToClient()
            #expect(line.client.read() == "response")
        }
    }

    @Test func `close_notify is sent, but not after a reset`() async throws {
        let line = try await joined()
        line.server.endSending()
        line.carryToClient()
        #expect(line.client.read() == "")
        #expect(line.client.heardEnd)
        let other = try await joined()
        other.server.resetOnClose()
        other.server.endSending()
        other.carryToClient()
        _ = other.client.read()
        #expect(!other.client.heardEnd)
    }

    @Test func `a tampered record breaks the connection`() async throws {
        let line = try await joined()
        line.client.write("hello")
        var bytes = line.client.take()
        bytes[bytes.count - 1] ^= 1
        line.send(bytes)
        #expect(throws: SystemError("SSL_read", 71)) { try line.read() }
    }

    @Test func `a key update is processed, and the data after it is read`() async throws {
        let line = try await joined()
        for round in 0..<8 {
            line.client.updateKeys()
            line.client.write("round \(round)")
            line.carryToServer()
            #expect(try line.readAll() == "round \(round)")
            line.carryToClient()
            _ = line.client.read()
        }
    }

    @Test func `a flood of key updates breaks the connection`() async throws {
        let line = try await joined()
        #expect(throws: SystemError.self) {
            for _ in 0..<100 {
                line.client.updateKeys()
                line.carryToServer()
                _ = try line.readAll()
                line.carryToClient()
                _ = line.client.read()
            }
        }
        let atOnce = try await joined()
        for _ in 0..<100 { atOnce.client.updateKeys() }
        atOnce.carryToServer()
        #expect(throws: SystemError.self) { try atOnce.readAll() }
    }

    @Test func `renegotiation is refused`() async throws {
        let line = try await joined(TLS1_2_VERSION)
        line.client.renegotiate()
        line.carryToServer()
        #expect(try line.read().0 == .blocked)
        line.carryToClient()
        _ = line.client.read()
        #expect(line.client.failure == "no renegotiation")
    }
}
