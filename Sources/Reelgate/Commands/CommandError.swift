import ArgumentParser

/// How a command ends (contract, section 1).
enum ExitStatus: Int32, Sendable {
    case done = 0
    /// The job or the check failed.
    case failed = 1
    case wrongUsage = 2
    /// The gateway cannot be reached.
    case unreachable = 3
}

/// Why a command ends without success: a line of what, a line of what to do.
struct CommandError: Error, Equatable, CustomStringConvertible {
    var what: String
    var remedy: String?
    var status: ExitStatus

    init(_ what: String, remedy: String? = nil, status: ExitStatus = .failed) {
        self.what = what
        self.remedy = remedy
        self.status = status
    }

    var description: String { ([what] + [remedy].compactMap { $0 }).joined(separator: "\n") }
}

extension CommandError {
    /// What a command's error means to the caller of the program. `nil` where it is no failure (help was
    /// asked for).
    static func status(of error: any Error) -> (text: String, status: ExitStatus) {
        switch error {
        case let failure as CommandError:
            return ("reelgate: \(failure)", failure.status)
        case let failure as SettingsError:
            return (failure.description, .failed)
        default:
            let text = Reelgate.fullMessage(for: error)
            switch Reelgate.exitCode(for: error) {
            case .success: return (text, .done)
            case .validationFailure: return (text, .wrongUsage)
            default: return (text, .failed)
            }
        }
    }
}
