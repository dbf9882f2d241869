import Gateway

/// The case of an archive error, without its message.
enum ArchiveErrorKind: Equatable { case gone, transfer, interrupted, notVideo, disk, tooLarge, unavailable }

extension ArchiveError {
    var kind: ArchiveErrorKind {
        switch self {
        case .gone: .gone
        case .transfer: .transfer
        case .interrupted: .interrupted
        case .notVideo: .notVideo
        case .disk: .disk
        case .tooLarge: .tooLarge
        case .unavailable: .unavailable
        }
    }
}
