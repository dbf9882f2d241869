import Glibc
import Transport

/// A file for one test.
final class TemporaryFile: Sendable {
    let path = "/tmp/reelgate-test-\(Entropy.randomNumber())"
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        var file = try DurableFile(path)
        try file.append(bytes)
        try file.commit()
    }

    /// A file of zeros that uses no disk blocks.
    convenience init(sparse size: Int) throws {
        try self.init([])
        shrink(to: size)
    }

    /// Removes the name; open descriptors stay valid.
    func remove() { _ = unsafe unlink(path) }

    func shrink(to size: Int) { _ = unsafe truncate(path, size) }

    deinit { _ = unsafe unlink(path) }
}

/// Returns the resident memory of this process in bytes.
func residentBytes() -> Int {
    guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
    defer { _ = unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard unsafe fgets(&line, 128, file) != nil else { return 0 }
    let columns = line.map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: " "))
    return (Int(String(decoding: columns[1], as: UTF8.self)) ?? 0) * 4096
}
