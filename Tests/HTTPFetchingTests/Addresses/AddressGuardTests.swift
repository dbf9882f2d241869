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
