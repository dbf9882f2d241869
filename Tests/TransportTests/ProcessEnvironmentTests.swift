import Glibc
import Testing
import Transport

@Suite struct ProcessEnvironmentTests {
    private func value(of name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    @Test func `an erased variable is gone, and its bytes are overwritten`() {
        let name = "REELGATE_ERASED_VARIABLE"
        let similar = name + "_FILE"
        unsafe setenv(name, "secret", 1)
        unsafe setenv(similar, "kept", 1)
        // The value's bytes in the block of the environment.
        let bytes = unsafe UnsafeBufferPointer(start: getenv(name), count: 6)
        ProcessEnvironment.erase(name)
        let remaining = unsafe Array(bytes)
        #expect(remaining == [0, 0, 0, 0, 0, 0])
        #expect(value(of: name) == nil)
        #expect(value(of: similar) == "kept")
        ProcessEnvironment.erase(name)
        ProcessEnvironment.erase(similar)
        #expect(value(of: similar) == nil)
    }
}
