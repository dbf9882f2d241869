import Glibc

/// The process' standard output and error, written at once and without a buffer, so that a line is whole or
/// not there.
enum StandardStream {
    case output, error

    /// Opens `/dev/null` on each of the descriptors 0 to 2 that the program was started without.
    ///
    /// Must run before anything else opens a descriptor: that would get the free number, and log lines would
    /// be written to a timer or to a client.
    static func openMissing() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // Gets the lowest free number, which is this one.
            _ = unsafe open("/dev/null", O_RDWR)
        }
    }

    func write(_ text: String) {
        let descriptor: Int32 =
            switch self {
            case .output: STDOUT_FILENO
            case .error: STDERR_FILENO
            }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EAGAIN {
                // Another program has made the pipe or terminal that we share non-blocking.
                Self.waitUntilWritable(descriptor)
            } else if count < 0, errno != EINTR {
                // Nobody reads it any more, or nobody can: there is no further place to say so.
                return
            }
            bytes = bytes.dropFirst(max(0, count))
        }
    }

    private static func waitUntilWritable(_ descriptor: Int32) {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wanted, 1, -1)
    }

    func line(_ text: String) { write(text + "\n") }

    /// Whether a person is looking.
    var isTerminal: Bool {
        switch self {
        case .output: isatty(STDOUT_FILENO) == 1
        case .error: isatty(STDERR_FILENO) == 1
        }
    }

    /// How many columns the terminal has; 80 where nothing tells.
    var width: Int {
        var size = winsize()
        let descriptor =
            switch self {
            case .output: STDOUT_FILENO
            case .error: STDERR_FILENO
            }
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
