import Glibc
import Synchronization
import Testing
import Transport

@Suite struct SocketAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8031", SocketAddress.ipv4(host: "127.0.0.1", port: 8031)),
        ("localhost:1", .ipv4(host: "127.0.0.1", port: 1)), ("0.0.0.0:0", .ipv4(host: "0.0.0.0", port: 0)),
        ("[::1]:8031", .ipv6(host: "::1", port: 8031)), ("[0:0::1]:65535", .ipv6(host: "::1", port: 65535)),
        ("unix:/run/x.sock", .unix(path: "/run/x.sock")),
    ])
    func `an address round-trips through text`(_ text: String, _ expected: SocketAddress) {
        #expect(SocketAddress(text) == expected)
        #expect(SocketAddress(expected.description) == expected)
    }

    @Test(arguments: [
        "", ":", "8031", ":8031", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1",
        "127.0.0.1:-1",
        "127.0.0.1: 1", "127.1:80", "example.com:80", "::1:80", "[::1]", "[::1]80", "[]:80", "[fe80::1%lo]:1",
        "unix:", "unix:\(String(repeating: "a", count: 108))", "1.2.3.4:5:6",
    ])
    func `an invalid address is rejected`(_ text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test func `only addresses of this machine are loopback`() throws {
        let loopbacks = ["127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[::ffff:127.0.0.1]:1", "unix:/x"]
        for text in loopbacks { #expect(try #require(SocketAddress(text)).isLoopback) }
        for text in ["0.0.0.0:1", "[::]:1", "10.0.0.1:1", "[::ffff:10.0.0.1]:1"] {
            #expect(try #require(SocketAddress(text)).isLoopback == false)
        }
    }
}
