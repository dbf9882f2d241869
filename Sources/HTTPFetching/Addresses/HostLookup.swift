internal import Dispatch
internal import Glibc

/// Looks up the addresses of a host.
package enum HostLookup {
    /// getaddrinfo(3) makes its caller wait; neither a loop nor Swift's few shared threads may.
    private static let queue = DispatchQueue(label: "reelgate.names", attributes: .concurrent)

    /// The addresses that this machine resolves a URL's host to; none if it cannot.
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
