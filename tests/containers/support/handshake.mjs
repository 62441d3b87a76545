// TLS as a client of a gRPC service would begin it.
import { connect } from "node:tls";

/** Shows the key and certificate in `pem`, or none. "open" where the server then speaks HTTP/2, else "refused: " and why. */
export function handshake(host, port, pem) {
  return new Promise((resolve) => {
    // Whom the server shows is not the question here.
    const socket = connect({ host, port, key: pem, cert: pem, ALPNProtocols: ["h2"], rejectUnauthorized: false });
    const end = (outcome) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.setTimeout(10_000, () => end("refused: no answer"));
    socket.on("error", (error) => end(`refused: ${error.code ?? ""} ${error.message}`));
    socket.on("close", () => end("refused: closed"));
    // With TLS 1.3 a client's certificate is looked at after the client's handshake is over: only what the server says then tells.
    socket.on("secureConnect", () => socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"));
    let received = Buffer.alloc(0);
    socket.on("data", (data) => {
      received = Buffer.concat([received, data]);
      // A SETTINGS frame (RFC 9113 section 6.5) without GOAWAY.
      if (received.length >= 9 && received[3] === 4) end("open");
    });
  });
}
