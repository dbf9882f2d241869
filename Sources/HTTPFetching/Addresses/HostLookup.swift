internal import Dispatch
internal import Glibc

/// Resolves host names.
package enum HostLookup {
    /// getaddrinfo(3) blocks; event loops and Swift's shared threads must not.
    private static let queue = DispatchQueue(label: "reelgate.names", attributes: .concurrent)

    /// Returns the addresses that this machine resolves a host to; empty on failure.
    package static func addresses(of host: String) async -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        return await withCheckedContinuation { caller in
            queue.async { caller.resume(returning: resolve(host)) }
        }
    }

    private static func resolve(_ host: String) -> [IPAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { unsafe freeaddrinfo(first) }
        var addresses: [IPAddress] = []
        var next = unsafe first
        while let entry = unsafe next {
            if let address = unsafe IPAddress(socketAddress: entry.pointee.ai_addr) {
                addresses.append(address)
            }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }
}
