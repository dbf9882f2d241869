internal import CLinux
internal import Glibc

/// Delivers process signals on a loop. One per process, for the life of the process.
///
/// Uses a handler that writes to a pipe instead of signalfd, which would need the signal blocked in every
/// thread of every library.
package final class SignalWatch {
    /// Signals that ask a server to stop or to reload its files.
    package enum Signal: CaseIterable, Sendable {
        case terminate
        case interrupt
        case hangUp

        var number: CInt {
            switch self {
            case .terminate: SIGTERM
            case .interrupt: SIGINT
            case .hangUp: SIGHUP
            }
        }
    }

    /// The pipe that the signal handler writes to. Create it before listening: clients could use up all
    /// descriptors.
    package final class Pipe: Sendable {
        fileprivate let reader: OwnedDescriptor
        fileprivate let writer: OwnedDescriptor

        package init() throws(SystemError) {
            var ends: [CInt] = [-1, -1]
            try systemCall("pipe2") { Int(unsafe linux_pipe(&ends)) }
            reader = OwnedDescriptor(adopting: ends[0])
            writer = OwnedDescriptor(adopting: ends[1])
        }
    }

    private let pipe: Pipe
    private let onSignal: (Signal) -> Void

    /// Starts to handle the signals. Calls `onSignal` on the loop for each arrival.
    package static func start(
        on reactor: Reactor, through pipe: Pipe, for signals: [Signal] = [.terminate, .interrupt],
        onSignal: @escaping (Signal) -> Void
    ) throws(SystemError) {
        let watch = SignalWatch(pipe, onSignal: onSignal)
        // The reactor keeps the watch alive for the life of the process.
        _ = try reactor.watch(pipe.reader.fileDescriptor, for: .read) { _ in watch.deliver() }
        for signal in signals {
            try systemCall("sigaction") {
                Int(linux_forward_signal(signal.number, pipe.writer.fileDescriptor))
            }
        }
    }

    private init(_ pipe: Pipe, onSignal: @escaping (Signal) -> Void) {
        self.pipe = pipe
        self.onSignal = onSignal
    }

    private func deliver() {
        var numbers = [UInt8](repeating: 0, count: 64)
        let count = unsafe numbers.withUnsafeMutableBytes {
            unsafe Glibc.read(pipe.reader.fileDescriptor, $0.baseAddress, $0.count)
        }
        for number in numbers.prefix(max(0, count)) {
            for signal in Signal.allCases where signal.number == CInt(number) { onSignal(signal) }
        }
    }
}

@available(*, unavailable)
extension SignalWatch: Sendable {}  // Belongs to one event loop.
