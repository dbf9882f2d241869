import Foundation
import ProcessTestSupport
import TLS

/// A temporary certificate authority made with `openssl`, and certificates of every kind. Created once for
/// all tests.
struct TestAuthority: Sendable {
    private let folder: ScratchFolder

    /// Returns the path of one of its files.
    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// A certificate and its key, both with this name.
    func files(_ name: String) -> CertificateFiles {
        CertificateFiles(certificate: path("\(name).pem"), key: path("\(name).key"))
    }

    /// Writes a file for a test.
    func write(_ text: String, to name: String) throws -> String { try folder.write(text, to: name) }

    /// Returns the text of a file.
    func text(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    static let shared = Task { try await TestAuthority() }

    /// Returns settings that serve the certificate of this name.
    static func settings(_ name: String = "server") async throws -> TLSSettings {
        TLSSettings(own: try await shared.value.files(name))
    }

    private init() async throws {
        folder = try ScratchFolder()
        let script = try folder.write(Self.script, to: "make")
        let made = try await Tools.run("bash", ["-e", script], folder: folder.path)
        guard made.status == 0 else { throw CommandError(message: made.errors) }
    }

    struct CommandError: Error { var message: String }

    private static let script = #"""
        cat > ca.conf <<END
        [ca]
        default_ca=own
        [own]
        database=index.txt
        new_certs_dir=.
        rand_serial=yes
        policy=any
        default_md=sha256
        [any]
        commonName=optional
        [req]
        distinguished_name=none
        [none]
        END
        touch index.txt; echo unique_subject=no > index.txt.attr
        key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $1.key; }
        # name, subject, signer, extensions, start, end
        issue() {
          [ -f $1.key ] || key $1
          openssl req -config ca.conf -new -key $1.key -subj "$2" -out $1.csr
          printf "%b" "$4" > $1.ext
          openssl ca -config ca.conf -batch -notext -cert $3.pem -keyfile $3.key -in $1.csr -out $1.pem \
            -extfile $1.ext -startdate ${5:-20200101000000Z} -enddate ${6:-20990101000000Z}
        }
        authority() {
          key $1
          openssl req -config ca.conf -x509 -new -key $1.key -subj "/CN=$1" -days 4000 -out $1.pem \
            -addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign
        }
        authority ca; authority other-ca
        host="subjectAltName=DNS:localhost,IP:127.0.0.1\n"
        client="extendedKeyUsage=clientAuth\n"
        issue server /CN=server ca "$host"
        issue example /CN=example ca "subjectAltName=DNS:one.example,DNS:*.wild.example\n"
        issue middle /CN=middle ca "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n"
        openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key
        issue rsa /CN=rsa middle "$host"
        cp rsa.key chain.key; cat rsa.pem middle.pem > chain.pem
        cp rsa.key turned.key; cat middle.pem rsa.pem > turned.pem
        cp rsa.key strayed.key; cat rsa.pem ca.pem > strayed.pem
        cp rsa.key rooted.key; cat rsa.pem middle.pem ca.pem > rooted.pem
        issue expired /CN=expired ca "$host" 20200101000000Z 20210101000000Z
        issue early /CN=early ca "$host" 20980101000000Z
        issue nameless /CN=localhost ca ""
        issue for-servers /CN=s ca "extendedKeyUsage=serverAuth\n$host"
        issue for-clients /CN=c ca "$client$host"
        issue client /CN=renderer ca "$client"
        issue workload / ca "${client}subjectAltName=critical,URI:spiffe://studio/renderer\n"
        issue late-client /CN=late ca "$client" 20200101000000Z 20210101000000Z
        issue client-of-other /CN=stranger other-ca "$client"
        openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out short.key
        issue short /CN=short ca "$host"
        openssl pkey -in server.key -aes256 -passout pass:secret -out encrypted.key
        cp server.pem encrypted.pem
        openssl pkey -in server.key -outform DER -out binary.key
        openssl x509 -in server.pem -outform DER -out binary.pem
        head -n 5 server.pem > cut.pem; cp server.key cut.key
        head -n 2 server.key > cut-key.key; cp server.pem cut-key.pem
        openssl genpkey -quiet -algorithm X25519 -out unfit.key; cp server.pem unfit.pem
        : > empty.pem; : > empty.key
        """#
}
