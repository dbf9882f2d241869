import Gateway

/// The case of an archive error, without its message.
enum ArchiveErrorKind: Equatable { case gone, transfer, notVideo, disk, tooLarge, unavailable }

extension ArchiveError {
    var kind: ArchiveErrorKind {
        switch self {
        case .gone: .gone
        case .transfer: .transfer
        case .notVideo: .notVideo
        case .disk: .disk
        case .tooLarge: .tooLarge
        case .unavailable: .unavailable
        }
    }
}
