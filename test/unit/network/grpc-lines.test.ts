import type { ServerHttp2Stream } from 'node:http2';
import { describe, expect, it } from 'vitest';
import { GrpcLines } from '../../../main/network/grpc-lines.ts';
import { certificate, exampleCertificate, serveGrpcExample, serveGrpcSecure, serveHttps, serveProxy } from './local-servers.ts';

/** Gives back what was said. */
function echo(stream: ServerHttp2Stream): void {
  const pieces: Buffer[] = [];
  stream.on('data', (piece: Buffer) => pieces.push(piece));
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.end(Buffer.concat(pieces));
  });
}

const message = new Uint8Array([1, 2, 3]);
const call = (origin: string, ca: string, environment: Record<string, string> = {}, lines = new GrpcLines()) =>
  lines.call({ address: `${origin}/inference.GRPCInferenceService/ModelInfer`, message }, 'remote-model', { environment, ca });
const echoed = { status: 0, message: Buffer.from(message) };

describe('a call over gRPC', () => {
  it('goes in TLS, over one line for several', async () => {
    const sessions = new Set<unknown>();
    const origin = await serveGrpcSecure((stream) => {
      sessions.add(stream.session);
      echo(stream);
    });
    const kept = new GrpcLines();
    for (let at = 0; at < 3; at += 1) expect(await call(origin, certificate, {}, kept)).toMatchObject(echoed);
    expect(sessions.size).toBe(1);
  });

  it('goes to nobody who is not who it should be', async () => {
    const origin = await serveGrpcSecure(echo);
    await expect(call(origin, exampleCertificate)).rejects.toMatchObject({ details: { reason: 'certificate' } });
  });

  it('goes through a proxy’s tunnel, in TLS and without, and the proxy is told host and port alone', async () => {
    const proxy = await serveProxy({ account: 'me:secret' });
    const known = proxy.address.replace('//', '//me:secret@');
    const environment = { HTTPS_PROXY: known, HTTP_PROXY: known };
    const secure = await serveGrpcSecure(echo, true);
    expect(await call(secure, exampleCertificate, environment)).toMatchObject(echoed);
    const plain = await serveGrpcExample(echo);
    expect(await call(plain, exampleCertificate, environment)).toMatchObject(echoed);
    expect(proxy.asked).toEqual([secure, plain].map((origin) => `CONNECT ${new URL(origin).host}`));
  });

  it('is told where the proxy refuses, and where the server in TLS speaks no HTTP/2', async () => {
    const { address } = await serveProxy({ refuses: 403 });
    await expect(call('https://pictures.example', exampleCertificate, { HTTPS_PROXY: address })).rejects.toMatchObject({
      code: 'address-unreachable',
      details: { reason: 'proxy', status: 403 },
    });
    const older = await serveHttps((_request, response) => response.end('no gRPC'));
    await expect(call(older, certificate)).rejects.toMatchObject({ code: 'address-unreachable' });
  });
});
