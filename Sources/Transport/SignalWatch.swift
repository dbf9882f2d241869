internal import CLinux
internal import Glibc

/// Delivers signals of the process on a loop. One at a time in a process; it lasts as long as the process.
///
/// A handler that writes to a pipe, not signalfd: that would need the signal blocked in every thread of
/// every library.
package final class SignalWatch {
    /// The signals that ask a server to stop, or to read its files anew.
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

    /// What an arrival is written to. A server makes it before it listens: its callers could leave it no
    /// descriptor.
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

    /// Takes over the signals; each arrival calls once, on the loop.
    package static func start(
        on reactor: Reactor, through pipe: Pipe, for signals: [Signal] = [.terminate, .interrupt],
        onSignal: @escaping (Signal) -> Void
    ) throws(SystemError) {
        let watch = SignalWatch(pipe, onSignal: onSignal)
        // The reactor keeps the watch, and lives as long as the process.
        _ = try reactor.watch(pipe.reader.number, for: .read) { _ in watch.deliver() }
        for signal in signals {
            try systemCall("sigaction") { Int(linux_forward_signal(signal.number, pipe.writer.number)) }
        }
    }

    private init(_ pipe: Pipe, onSignal: @escaping (Signal) -> Void) {
        self.pipe = pipe
        self.onSignal = onSignal
    }

    private func deliver() {
        var numbers = [UInt8](repeating: 0, count: 64)
        let count = unsafe numbers.withUnsafeMutableBytes {
            unsafe Glibc.read(pipe.reader.number, $0.baseAddress, $0.count)
        }
        for number in numbers.prefix(max(0, count)) {
            for signal in Signal.allCases where signal.number == CInt(number) { onSignal(signal) }
        }
    }
}

@available(*, unavailable)
extension SignalWatch: Sendable {}  // Belongs to one event loop.
