import Glibc
import Synchronization
import Transport

/// A descriptor that is reused by another pipe while an event for it is pending.
final class DescriptorReuse {
    private let reactor: Reactor
    private let pipes: [Pipe]
    private let third: Pipe
    private var watches: [RegistrationID] = []
    private var log: [String] = []

    init(_ reactor: Reactor) throws {
        self.reactor = reactor
        pipes = [try Pipe(), try Pipe()]
        third = try Pipe()
    }

    /// Reports the result at the end.
    func begin(then finish: @escaping ([String]) -> Void) throws {
        for (index, pipe) in pipes.enumerated() {
            pipe.write()
            watches.append(
                try reactor.watch(pipe.reader, for: .read) { _ in self.isReady(index, finish) })
        }
    }

    private func isReady(_ index: Int, _ finish: @escaping ([String]) -> Void) {
        log.append(log.isEmpty ? "first" : "stale")
        if log.count > 1 { return finish(log) }
        let number = pipes[1 - index].reader
        for watch in watches { reactor.unwatch(watch) }
        // Closes the other reader and duplicates the third pipe to its number.
        guard dup2(third.reader, number) == number else { return finish(["dup2 failed"]) }
        var replacement: RegistrationID?
        replacement = try? reactor.watch(number, for: .read) { _ in
            self.log.append("replacement: \(Pipe.read(number) ?? "not ready")")
            if let replacement { self.reactor.unwatch(replacement) }
            finish(self.log)
        }
        // After this batch.
        reactor.enqueue { self.third.write() }
    }
}
