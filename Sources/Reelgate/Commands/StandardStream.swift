import Glibc

/// The standard output and error of the process, unbuffered, so that a line is written completely or not at
/// all.
enum StandardStream {
    case output, error

    /// Opens `/dev/null` on each of the descriptors 0 to 2 that is closed.
    ///
    /// Must run before anything else opens a descriptor: it would get the free number, and log lines would be
    /// written to a timer or a client.
    static func openMissing() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // Returns the lowest free descriptor, which is this one.
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
                // Another process has made the shared pipe or terminal non-blocking.
                Self.waitUntilWritable(descriptor)
            } else if count < 0, errno != EINTR {
                // The reader is gone or the descriptor is unusable, and there is nowhere else to report it.
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

    /// Whether it is a terminal.
    var isTerminal: Bool {
        switch self {
        case .output: isatty(STDOUT_FILENO) == 1
        case .error: isatty(STDERR_FILENO) == 1
        }
    }

    /// The width of the terminal in columns; 80 if unknown.
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
