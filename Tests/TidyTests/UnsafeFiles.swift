/// The files that may leave Swift's memory safety, each with its reason: together, the audit list.
enum UnsafeFiles {
    static let reasons: [String: String] = [
        "Sources/CrashPoints/CrashPoint.swift": "getenv(3), in test builds only",
        "Sources/HTTP2Wire/HTTP2Session+Callbacks.swift":
            "nghttp2's callbacks get their session as a pointer",
        "Sources/HTTP2Wire/HTTP2Session+Responses.swift":
            "nghttp2 takes fields and returns frames by pointer",
        "Sources/HTTP2Wire/HTTP2Session.swift": "nghttp2's session is a C pointer",
        "Sources/HTTP2Wire/HeaderFieldArray.swift": "nghttp2 takes header fields by pointer",
        "Sources/HTTPWire/Bytes/Span+Bytes.swift":
            "copies between spans, arrays and texts without a byte-wise loop",
        "Sources/HTTPFetching/Addresses/HostLookup.swift": "getaddrinfo(3) gives a list of C structures",
        "Sources/HTTPFetching/Addresses/IPAddress.swift": "inet_pton(3) and socket addresses",
        "Sources/HTTPFetching/Addresses/ProxyEnvironment.swift": "getenv(3)",
        "Sources/HTTPFetching/Addresses/WebURL.swift": "libcurl's URL handle is a C pointer",
        "Sources/HTTPFetching/Transfers/CurlEasy.swift": "libcurl's easy handle is a C pointer",
        "Sources/HTTPFetching/Transfers/CurlMulti.swift": "libcurl's multi handle and its callbacks",
        "Sources/HTTPFetching/Proxies/NumericHost.swift": "inet_pton(3) and inet_aton(3)",
        "Sources/HTTPFetching/Proxies/OutboundProxy.swift": "getenv(3)",
        "Sources/HTTPFetching/Transfers/CurlEasy+Options.swift":
            "C callbacks find their transfer through a pointer",
        "Sources/JSONText/JanssonDocument.swift": "jansson's values are C pointers",
        "Sources/Reelgate/Commands/StandardStream.swift": "open(2), write(2) and poll(2)",
        "Sources/Reelgate/Serving/StartupHandler.swift":
            "a handler that is set once, guarded by an atomic flag",
        "Sources/Reelgate/Serving/SocketActivation.swift": "unsetenv(3)",
        "Sources/StoreSQLite/Files/StoreFiles.swift": "paths and structures of system calls",
        "Sources/StoreSQLite/Files/StoreLock.swift": "flock(2), pread(2) and pwrite(2) on the store's lock",
        "Sources/StoreSQLite/Rescue/RescueCopy.swift": "rename(2), link(2) and unlink(2) of the rescue copy",
        "Sources/StoreSQLite/Rescue/StoreWatch.swift": "open(2) and fstat(2) of the store's files",
        "Sources/TLS/Certificates/Certificate.swift": "OpenSSL's certificates, keys and texts are C pointers",
        "Sources/TLS/Certificates/PEMFile.swift": "OpenSSL reads from memory, which is wiped afterwards",
        "Sources/TLS/TLSContext.swift": "OpenSSL's contexts and their callbacks",
        "Sources/TLS/Sessions/TLSSession.swift": "OpenSSL's session is a C pointer",
        "Sources/TLS/Sessions/TLSWire.swift": "recv(2) and send(2) for OpenSSL, which calls back",
        "Sources/Transport/Files/DurableFile.swift": "write(2), fsync(2) and rename(2)",
        "Sources/Transport/EventLoop/EventLoop.swift": "an actor names its executor by an unowned reference",
        "Sources/Transport/Files/FileSystem.swift": "paths and structures of system calls",
        "Sources/Transport/Files/SmallFile.swift": "write(2), fsync(2) and rename(2)",
        "Sources/Transport/Sockets/Listener.swift": "socket addresses and options are C structures",
        "Sources/Transport/Sockets/InheritedSocket.swift": "getsockname(2) and getsockopt(2)",
        "Sources/Transport/EventLoop/LoopExecutor.swift": "runs jobs that Swift hands over unowned",
        "Sources/Transport/EventLoop/Reactor.swift": "epoll and timerfd fill C structures",
        "Sources/Transport/System/SHA256Digest.swift": "OpenSSL's digest is a C pointer",
        "Sources/Transport/EventLoop/SignalWatch.swift": "pipe2(2) and a C signal handler",
        "Sources/Transport/Sockets/RawSocketAddress.swift":
            "socket addresses are C structures of several shapes",
        "Sources/Transport/Sockets/StreamSocket.swift": "read(2), send(2) and sendfile(2) on buffers",
        "Sources/Transport/System/SystemError.swift": "strerror(3) returns a C text",
        "Sources/Transport/System/SystemTime.swift": "clock_gettime(2) fills a C structure",
        "Sources/Transport/EventLoop/WakeupEvent.swift": "write(2) to an eventfd",
        "Sources/Transport/Sockets/DatagramSocket.swift": "sendto(2) with a socket address",
        "Sources/Transport/Files/OpenFile.swift": "pread(2) into buffers, and fstat(2)",
        "Sources/Transport/System/Entropy.swift": "getrandom(2) fills a buffer",
        "Sources/TLS/Certificates/PrivateKey.swift": "OpenSSL's keys are C pointers",
        "Sources/TLS/OpenSSLText.swift": "OpenSSL's texts are C pointers",
    ]
}
