internal import CNghttp2

/// The header fields of one response in nghttp2's format. nghttp2 copies them and lowercases the names.
@safe  // Lives within `withFields`, as what it points to does.
struct HeaderFieldArray: ~Copyable {
    private let storage: UnsafeMutableBufferPointer<nghttp2_nv>
    let text: UnsafeBufferPointer<UInt8>
    private(set) var count = 0

    init(storage: UnsafeMutableBufferPointer<nghttp2_nv>, text: UnsafeBufferPointer<UInt8>) {
        unsafe self.storage = storage
        unsafe self.text = text
    }

    var base: UnsafeMutablePointer<nghttp2_nv>? { unsafe storage.baseAddress }

    mutating func add(
        _ name: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, _ value: Range<Int>, isIndexed: Bool = true
    ) {
        let name = unsafe UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        let value = unsafe UnsafeBufferPointer(rebasing: bytes[value])
        unsafe add(name, value, flags: isIndexed ? NGHTTP2_NV_FLAG_NONE : NGHTTP2_NV_FLAG_NO_INDEX)
    }

    mutating func add(_ line: (name: Range<Int>, value: Range<Int>), _ bytes: UnsafeBufferPointer<UInt8>) {
        let name = unsafe UnsafeBufferPointer(rebasing: bytes[line.name])
        let value = unsafe UnsafeBufferPointer(rebasing: bytes[line.value])
        unsafe add(name, value, flags: NGHTTP2_NV_FLAG_NONE)
    }

    private mutating func add(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, flags: nghttp2_nv_flag
    ) {
        let field = unsafe nghttp2_nv(
            name: UnsafeMutablePointer(mutating: name.baseAddress),
            value: UnsafeMutablePointer(mutating: value.baseAddress),
            namelen: name.count, valuelen: value.count, flags: UInt8(flags.rawValue))
        unsafe storage.initializeElement(at: count, to: field)
        count += 1
    }
}
