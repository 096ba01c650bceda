import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** The server's side of a WebSocket, written from RFC 6455 and not from the client that is tested with it. */
export interface ServerSocket {
  sendText(text: string): void;
  sendBinary(bytes: Uint8Array): void;
  /** Bytes as they are: for what is no whole frame. */
  sendRaw(bytes: Uint8Array): void;
  ping(): void;
  /** The last bytes, and the end of the connection without a close frame. */
  end(bytes: Uint8Array): void;
  /** In order: a close frame, then the end. */
  close(): void;
  /** In the middle: nothing is said. */
  drop(): void;
  onText(listener: (text: string) => void): void;
  onEnd(listener: () => void): void;
}

export function serverFrame(opcode: number, payload: Uint8Array, isLast = true): Buffer {
  const size = payload.length;
  const header =
    size < 126
      ? Buffer.from([size])
      : size < 65_536
        ? Buffer.from([126, size >> 8, size & 255])
        : Buffer.from([127, 0, 0, 0, 0, size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255]);
  return Buffer.concat([Buffer.from([(isLast ? 0x80 : 0) | opcode]), header, payload]);
}

/** Texts of a client, which masks every frame; what is longer than 64 kB is not looked for. */
function* readTexts(pending: { bytes: Buffer }): Generator<{ readonly opcode: number; readonly payload: Buffer }> {
  for (;;) {
    const { bytes } = pending;
    if (bytes.length < 6) return;
    const short = (bytes[1] ?? 0) & 0x7f;
    const start = short === 126 ? 4 : 2;
    const size = short === 126 ? bytes.readUInt16BE(2) : short;
    if (bytes.length < start + 4 + size) return;
    const mask = bytes.subarray(start, start + 4);
    const payload = Buffer.from(bytes.subarray(start + 4, start + 4 + size).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
    pending.bytes = bytes.subarray(start + 4 + size);
    yield { opcode: (bytes[0] ?? 0) & 15, payload };
  }
}

/** Takes the handshake of a client. */
export function acceptSocket(request: IncomingMessage, socket: Socket): ServerSocket {
  const key = request.headers['sec-websocket-key'] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const listeners: ((text: string) => void)[] = [];
  const pending = { bytes: Buffer.alloc(0) };
  socket.on('error', () => undefined);
  socket.on('data', (piece: Buffer) => {
    pending.bytes = Buffer.concat([pending.bytes, piece]);
    for (const { opcode, payload } of readTexts(pending)) {
      if (opcode === 1) for (const listener of listeners) listener(payload.toString('utf8'));
      if (opcode === 8) socket.end();
    }
  });
  return {
    sendText: (text) => void socket.write(serverFrame(1, Buffer.from(text))),
    sendBinary: (bytes) => void socket.write(serverFrame(2, bytes)),
    sendRaw: (bytes) => void socket.write(bytes),
    end: (bytes) => void socket.end(bytes),
    ping: () => void socket.write(serverFrame(9, Buffer.from('here'))),
    close: () => void socket.end(serverFrame(8, Buffer.from([3, 232]))),
    drop: () => void socket.destroy(),
    onText: (listener) => void listeners.push(listener),
    onEnd: (listener) => void socket.on('close', listener),
  };
}
