import Glibc

/// The process' standard output and error, written at once and without a buffer, so that a line is whole or
/// not there.
enum StandardStream {
    case output, error

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
            // Nobody reads it any more, or nobody can: there is no further place to say so.
            if count < 0, errno != EINTR { return }
            bytes = bytes.dropFirst(max(0, count))
        }
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
