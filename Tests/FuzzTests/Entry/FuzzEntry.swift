import Glibc

// libFuzzer's program: `REELGATE_FUZZ_TARGET=NAME ReelgateFuzz [libFuzzer's flags] [folders of inputs]`.
// The target is in the environment because libFuzzer starts itself again with the same arguments, to merge
// corpora.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// The target of this run; set once before libFuzzer starts, in the only thread.
nonisolated(unsafe) private var target: FuzzTarget?

/// What libFuzzer looks for in any program that it is part of.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let target = unsafe target, count <= target.lengthMax else { return -1 }
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(Finding) {
        try target.check(input)
        return 0
    } catch {
        fatalError("\(target.name): \(error)")
    }
}

/// Where the program begins: the package manager names it so and makes it `main`, since there is neither a
/// `main.swift` nor `@main`, and libFuzzer has a `main` of its own that must not win. Without a target it
/// lists them, with the length of their inputs.
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
