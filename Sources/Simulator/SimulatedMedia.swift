import HTTPServing
import HTTPWire

/// The files that the simulator serves; they are embedded in the binary.
enum SimulatedMedia {
    /// Returns a response with a real video of eight seconds with sound.
    static func video(isPortrait: Bool, truncation: FaultActions.Truncation?) -> HTTPResponse {
        let bytes = isPortrait ? PackageResources.portrait_mp4 : PackageResources.video_mp4
        switch truncation {
        case nil:
            return .bytes(200, bytes, type: "video/mp4")
        case .cut?:
            var response = HTTPResponse.bytes(200, bytes, type: "video/mp4")
            response.cutAfter = bytes.count / 2
            return response
        case .short?:
            return .bytes(200, Array(bytes.prefix(bytes.count / 2)), type: "video/mp4")
        }
    }

    /// Returns a response with a reference image, `1.png` to `3.png`.
    static func image(_ name: Substring) -> HTTPResponse? {
        let bytes: [UInt8]
        switch name {
        case "1.png": bytes = PackageResources.image_1_png
        case "2.png": bytes = PackageResources.image_2_png
        case "3.png": bytes = PackageResources.image_3_png
        default: return nil
        }
        return .bytes(200, bytes, type: "image/png")
    }
}
