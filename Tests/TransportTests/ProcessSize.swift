import Glibc
import Synchronization
import Transport

/// The memory and descriptors that this process uses.
struct ProcessSize {
    let descriptors: Int
    let residentBytes: Int

    /// The increase since an earlier value.
    struct Growth {
        let descriptors: Int
        let residentBytes: Int
    }

    func growth(since before: ProcessSize) -> Growth {
        Growth(
            descriptors: descriptors - before.descriptors,
            residentBytes: residentBytes - before.residentBytes)
    }

    static func now() -> ProcessSize {
        let open = (try? FileSystem.names(in: "/proc/self/fd").count) ?? 0
        return ProcessSize(descriptors: open, residentBytes: resident())
    }

    private static func resident() -> Int {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
        defer { _ = unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard unsafe fgets(&line, 128, file) != nil else { return 0 }
        let message = line.map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: " "))
        return (Int(String(decoding: message[1], as: UTF8.self)) ?? 0) * 4096
    }
}
