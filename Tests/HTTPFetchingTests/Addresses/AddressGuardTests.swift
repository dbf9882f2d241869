import Testing
import TestSupport

@testable import HTTPFetching

@Suite struct AddressGuardTests {
    private static let reaches: [(String, AddressGuard.Reach)] = [
        ("8.8.8.8", .global), ("172.15.255.255", .global), ("172.32.0.0", .global), ("2606:4700::1", .global),
        ("64:ff9b::8.8.8.8", .global), ("::ffff:8.8.8.8", .global), ("100.63.255.255", .global),
        ("127.0.0.1", .loopback), ("127.255.0.1", .loopback), ("0.0.0.0", .loopback), ("::1", .loopback),
        ("::", .loopback), ("::ffff:127.0.0.1", .loopback), ("64:ff9b::7f00:1", .loopback),
        ("10.1.2.3", .privateUse), ("172.16.0.1", .privateUse), ("172.31.255.255", .privateUse),
        ("192.168.0.1", .privateUse), ("100.64.0.1", .privateUse), ("198.18.0.1", .privateUse),
        ("fd12::1", .privateUse), ("fc00::1", .privateUse), ("fec0::1", .privateUse),
        ("::ffff:10.0.0.1", .privateUse), ("2002:a00:1::", .privateUse), ("64:ff9b:1::1", .privateUse),
        ("169.254.169.254", .linkLocal), ("169.254.0.1", .linkLocal), ("fe80::1", .linkLocal),
        ("febf::1", .linkLocal), ("::ffff:169.254.169.254", .linkLocal), ("64:ff9b::a9fe:a9fe", .linkLocal),
        ("2002:a9fe:a9fe::", .linkLocal), ("::169.254.169.254", .linkLocal), ("100.100.100.200", .linkLocal),
        ("168.63.129.16", .linkLocal), ("fd00:ec2::254", .linkLocal),
        // Translated and tunnelled IPv4 addresses.
        ("::127.0.0.1", .loopback), ("::ffff:0:127.0.0.1", .loopback), ("2002:7f00:1::", .loopback),
        ("64:ff9b::a00:1", .privateUse), ("64:ff9b:1::7f00:1", .loopback),
        ("64:ff9b:1::808:808", .privateUse),
        ("64:ff9b:1::a9fe:a9fe", .linkLocal), ("64:ff9b:1:a9fe:a9:fe00::", .linkLocal),
        ("64:ff9b:1:a9:fe:a9fe::", .linkLocal), ("64:ff9b:1:7:a9:fea9:fe00:0", .linkLocal),
        ("64:ff9b:1:2:3:4:a9fe:a9fe", .linkLocal), ("64:ff9b:1:7f00:0:100::", .loopback),
        ("2001:0:808:808:0:0:f7f7:f7f7", .global), ("2001:0:808:808:0:0:80ff:fffe", .loopback),
        ("2001:0:808:808:0:0:5601:5601", .linkLocal), ("2001:0:a9fe:a9fe:0:0:f7f7:f7f7", .linkLocal),
        ("2001:db8::5efe:a9fe:a9fe", .linkLocal), ("2001:db8::200:5efe:7f00:1", .loopback),
        ("::ffff:0:169.254.169.254", .linkLocal), ("2001:db8::7f00:1", .global),
        ("224.0.0.1", .unusable), ("255.255.255.255", .unusable), ("ff02::1", .unusable),
    ]

    @Test(arguments: reaches)
    func `each address has its reach`(_ text: String, _ reach: AddressGuard.Reach) throws {
        #expect(AddressGuard.reach(of: try #require(IPAddress(text))) == reach)
    }

    @Test func `private addresses pass if allowed, link-local ones never`() throws {
        let open = AddressGuard(allowsPrivate: true), strict = AddressGuard(allowsPrivate: false)
        for (text, reach) in Self.reaches {
            let address = try #require(IPAddress(text))
            let isPrivate = reach == .loopback || reach == .privateUse
            #expect((strict.refusal(of: address) == nil) == (reach == .global), "\(text)")
            #expect((open.refusal(of: address) == nil) == (reach == .global || isPrivate), "\(text)")
        }
    }

    /// Addresses that embed loopback, private and link-local ones.
    private static let embedding = [
        "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "::127.0.0.1", "::ffff:0:127.0.0.1", "2002:7f00:1::",
        "2001:0:808:808:0:0:80ff:fffe", "64:ff9b::a00:1", "64:ff9b:1::a00:1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe", "2002:a9fe:a9fe::", "2001:0:808:808:0:0:5601:5601", "::169.254.169.254",
    ]

    @Test(
        arguments: [
            ("loopback", ["127.0.0.1", "::1", "::ffff:127.0.0.1"], 0..<0),
            ("127.0.0.0/8", ["127.0.0.1", "::ffff:127.0.0.1"], 0..<5), ("127.0.0.1", [], 0..<5),
            ("10.0.0.0/8", ["10.0.0.1", "::ffff:10.0.0.1"], 6..<8), ("0.0.0.0/0", ["8.8.8.8"], 0..<8),
            ("::/0", ["::1", "2001:db8::1", "64:ff9b::808:808", "2001:0:808:808:0:0:f7f7:f7f7"], 0..<0),
            ("64:ff9b::/96", ["64:ff9b::808:808"], 0..<0), ("2002::/16", ["2002:808:808::"], 0..<0),
            ("64:ff9b:1::/48", ["64:ff9b:1::1"], 0..<0), ("169.254.0.0/16", [], 0..<0),
        ] as [(String, [String], Range<Int>)])
    func `an address that embeds another is allowed only if that one is listed`(
        _ block: String, _ allowed: [String], _ embedding: Range<Int>
    ) throws {
        let listed = AddressGuard(only: [block == "loopback" ? .loopback : try #require(AddressBlock(block))])
        for text in allowed { #expect(listed.refusal(of: try #require(IPAddress(text))) == nil, "\(text)") }
        for (index, text) in Self.embedding.enumerated() {
            let isAllowed = listed.refusal(of: try #require(IPAddress(text))) == nil
            #expect(isAllowed == embedding.contains(index), "\(text)")
        }
    }

    @Test func `host names are not addresses`() {
        for text in ["localhost", "h", "1.2.3", "[::1", "fe80::1%eth0", ""] {
            #expect(IPAddress(text) == nil)
        }
        #expect(IPAddress("[::1]") != nil)
    }

    @Test func `a guarded request to a refused address is never sent and reports the reason`() async throws {
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200, "{}") }
        }
        defer { server.stop() }
        // A name is resolved first: its address decides.
        for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"] {
            var request = FetchRequest("GET", "http://\(host):\(server.port)/")
            request.addressGuard = AddressGuard(allowsPrivate: false)
            let failure = try #require(await makeFetcher().fetch(request).failure)
            #expect(failure.isSurelyUnsent)
            #expect(failure.message.contains("loopback"), "\(failure.message)")
        }
        #expect(server.connections == 0)
        var request = FetchRequest.get(server)
        request.addressGuard = AddressGuard(allowsPrivate: true)
        #expect(await makeFetcher().fetch(request).response?.status == 200)
    }

    @Test func `a kept connection made without the guard is not used`() async throws {
        let server = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200, "{}") }
        }
        defer { server.stop() }
        let fetcher = makeFetcher()
        var request = FetchRequest.get(server)
        #expect(await fetcher.fetch(request).response?.status == 200)
        request.addressGuard = AddressGuard(allowsPrivate: false)
        #expect(await fetcher.fetch(request).failure?.isSurelyUnsent == true)
        #expect(server.requests.count == 1)
    }
}
