import FoundationEssentials
import Transport

/// The environment variables of a command that reads the provider's key.
enum StartEnvironment {
    /// Protects the memory of the process, which contains the key from its start if a variable does. Then
    /// returns the variables, and removes the key from the environment. Call it first.
    static func read() throws(SystemError) -> [String: String] {
        try ProcessMemory.disableCoreDumps()
        let variables = ProcessInfo.processInfo.environment
        ProcessEnvironment.erase(APIKeySource.variable)
        return variables
    }
}
