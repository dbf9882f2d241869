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

    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes bytes. Waits for the reader. Returns how many were written: less than all if the reader is gone
    /// or the disk is full.
    @discardableResult
    func write(_ all: [UInt8]) -> Int {
        var bytes = all[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EAGAIN {
                // Another process has made the shared pipe or terminal non-blocking.
                Self.waitUntilWritable(descriptor)
            } else if count < 0, errno != EINTR {
                // There is nowhere else to report it.
                return all.count - bytes.count
            }
            bytes = bytes.dropFirst(max(0, count))
        }
        return all.count
    }

    private static func waitUntilWritable(_ descriptor: Int32) {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&wanted, 1, -1)
    }

    func line(_ text: String) { write(text + "\n") }

    /// Bytes that are written with one call without another process's line among them. Of a pipe it is
    /// `PIPE_BUF`; for a file a size with which calls cost little.
    var wholeWriteMax: Int { kind == S_IFREG ? 64 * 1024 : 4096 }

    /// The type of the file, as in `st_mode`; 0 if there is none.
    private var kind: mode_t {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    private var descriptor: Int32 {
        switch self {
        case .output: STDOUT_FILENO
        case .error: STDERR_FILENO
        }
    }

    /// Whether it is a terminal.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// The width of the terminal in columns; 80 if unknown.
    var width: Int { size.columns }

    /// The size of the terminal; 80 columns of 24 rows if unknown.
    var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}
