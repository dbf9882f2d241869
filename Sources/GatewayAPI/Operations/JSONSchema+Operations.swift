import GatewayProtocol
import JSONText

extension JSONSchema {
    static var resumption: JSONSchema {
        closed([.required(SubmissionPause.member, choice(SubmissionPause.self))])
    }

    /// The state of submission after a pause was ended.
    static var submission: JSONSchema {
        object([
            .required("object", const("submission")), .required("state", const("open")),
            .required("warnings", array(string)), .optional("before", ref(.dayCeiling)),
            .optional("day", ref(.dayCeiling)),
        ])
    }

    static var backup: JSONSchema {
        closed([.required(BackupMember.file, text(1...BackupEndpoint.pathMax))])
    }

    static var recordedBackup: JSONSchema {
        object([
            .required(BackupMember.object, const("backup")), .required(BackupMember.store, string),
            .required(BackupMember.sequence, count),
        ])
    }

    static var index: JSONSchema {
        object([
            .required("name", string), .required("version", string),
            .required("links", object.with("additionalProperties", string.json)),
        ])
    }

    static var health: JSONSchema {
        object([.required("status", const("ok"))])
    }

    static var readiness: JSONSchema {
        object([
            .required("status", const("ready")),
            .optional("warnings", array(object([.required("code", string), .required("message", string)]))),
        ])
    }

    /// An OpenAPI document.
    static var apiDescription: JSONSchema {
        object([
            .required("openapi", string), .required("info", object), .required("servers", array(object)),
            .optional("security", array(object)), .required("tags", array(object)),
            .required("paths", object), .required("components", object),
        ])
    }
}
