/// The files that may leave Swift's memory safety, each with its reason: together, the audit list.
enum UnsafeFiles {
    static let reasons: [String: String] = [
        "Sources/CrashPoints/CrashPoint.swift": "getenv(3), in test builds only",
        "Sources/HTTPWire/Bytes.swift": "copies between spans, arrays and texts without a byte-wise loop",
        "Sources/HTTPFetching/CurlEasy.swift": "libcurl's easy handle is a C pointer",
        "Sources/HTTPFetching/CurlMulti.swift": "libcurl's multi handle and its callbacks",
        "Sources/HTTPFetching/TransferOptions.swift": "C callbacks find their transfer through a pointer",
        "Sources/JSONText/JanssonDocument.swift": "jansson's values are C pointers",
        "Sources/Reelgate/Commands/StandardStreams.swift": "write(2)",
        "Sources/Reelgate/Serving/LateHandler.swift": "a handler that is set once, guarded by an atomic flag",
        "Sources/StoreSQLite/StoreFiles.swift": "paths and structures of system calls on the store's files",
        "Sources/StoreSQLite/StoreLock.swift": "flock(2), pread(2) and pwrite(2) on the store's lock",
        "Sources/TLS/TLSSession.swift": "OpenSSL's session is a C pointer",
        "Sources/Transport/DurableFile.swift": "write(2), fsync(2) and rename(2)",
        "Sources/Transport/EventLoop.swift": "an actor names its executor by an unowned reference",
        "Sources/Transport/FileSystem.swift": "paths and structures of system calls",
        "Sources/Transport/Listener.swift": "socket addresses and options are C structures",
        "Sources/Transport/LoopExecutor.swift": "runs jobs that Swift hands over unowned",
        "Sources/Transport/Reactor.swift": "epoll and timerfd fill C structures",
        "Sources/Transport/SHA256Digest.swift": "OpenSSL's digest is a C pointer",
        "Sources/Transport/SignalWatch.swift": "pipe2(2) and a C signal handler",
        "Sources/Transport/SocketName.swift": "socket addresses are C structures of several shapes",
        "Sources/Transport/StreamSocket.swift": "read(2), send(2) and sendfile(2) on buffers",
        "Sources/Transport/SystemCall.swift": "strerror(3) returns a C text",
        "Sources/Transport/SystemTime.swift": "clock_gettime(2) fills a C structure",
    ]
}
