import Testing
import TestSupport

@testable import HTTPFetching

@Suite struct AddressBlockTests {
    private func allows(_ blocks: [String], _ address: String) throws -> Bool {
        let blocks = try blocks.map { $0 == "loopback" ? .loopback : try #require(AddressBlock($0)) }
        return AddressGuard(only: blocks).refusal(of: try #require(IPAddress(address))) == nil
    }

    @Test func `only addresses of listed blocks pass, and link-local ones never`() throws {
        for (blocks, address, isAllowed) in [
            (["10.0.0.0/8"], "10.255.0.1", true), (["10.0.0.0/8"], "11.0.0.1", false),
            (["10.0.0.0/8"], "::ffff:10.0.0.1", true), (["10.0.0.0/8"], "8.8.8.8", false),
            (["10.128.0.0/9"], "10.127.0.1", false), (["192.0.2.7"], "192.0.2.7", true),
            (["192.0.2.7"], "192.0.2.8", false), (["fd00::/8"], "fd12::1", true),
            (["fd00::/8"], "fc00::1", false), (["fd00::/8"], "fd00:ec2::254", false),
            (["loopback"], "127.0.0.1", true), (["loopback"], "::1", true), (["loopback"], "10.0.0.1", false),
            (["0.0.0.0/0"], "169.254.169.254", false), (["0.0.0.0/0"], "224.0.0.1", false),
            (["0.0.0.0/0"], "127.0.0.1", true), ([], "8.8.8.8", false),
        ] {
            #expect(try allows(blocks, address) == isAllowed, "\(blocks) \(address)")
        }
    }

    @Test func `a direct request uses no proxy`() {
        var request = FetchRequest("GET", "http://hooks.example/")
        #expect(request.mayUseProxy)
        request.isDirect = true
        #expect(!request.mayUseProxy)
    }
}
