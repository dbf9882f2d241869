import Glibc

// The libFuzzer program: `REELGATE_FUZZ_TARGET=NAME ReelgateFuzz [libFuzzer flags] [corpus folders]`.
// The target is named in the environment because libFuzzer starts this program again with the same arguments
// when it merges corpora.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The target of this run. Set once, before libFuzzer starts, in the only thread.
nonisolated(unsafe) private var target: FuzzTarget?

/// The entry point that libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target = unsafe target, count <= target.lengthMax else { return -1 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(PropertyError) {
        try target.check(input)
        return 0
    } catch {
        fatalError("\(target.name): \(error)")
    }
}

/// The start of the program. The package manager turns `NAME_main` into `main` if there is no `main.swift`
/// and no `@main`; libFuzzer's own `main` must not be used. Without a target it lists all.
@_cdecl("ReelgateFuzz_main")
func begin(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> CInt {
    let name = unsafe getenv("REELGATE_FUZZ_TARGET").map { unsafe String(cString: $0) }
    guard let chosen = FuzzTarget.all.first(where: { $0.name == name }) else {
        for known in FuzzTarget.all { print(known.name, known.lengthMax) }
        return name == nil ? 0 : 2
    }
    unsafe target = chosen
    var count = count
    var arguments = unsafe arguments
    return unsafe runDriver(&count, &arguments) { unsafe testOneInput($0, $1) }
}
