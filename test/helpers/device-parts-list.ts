import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readVersions } from '../../main/services/read-versions.ts';
import { writeZip } from './write-zip.ts';

const library = new TextEncoder().encode('no library at all');
const inWheel = 'capi/libonnxruntime_providers_shared.so';
/** A package of one library that no loader takes. */
export const partsWheel: Buffer = writeZip([{ name: inWheel, content: library }]);

/** Writes a list of parts for CUDA, which a server of the test has. @returns its file, for DEDIFFUSION_DEVICE_PARTS */
export async function writePartsList(origin: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dediffusion-parts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const list = {
    ...{ onnxruntime: (await readVersions()).onnxruntime, device: 'cuda', platform: 'linux', arch: 'x64', driver: '580', origin },
    parts: [
      {
        ...{ name: 'A provider', version: '1', licence: { name: 'MIT', page: 'https://licences.example/' } },
        ...{ address: `${origin}/provider.whl`, bytes: partsWheel.length },
        sha256: createHash('sha256').update(partsWheel).digest('hex'),
        files: [{ path: inWheel, bytes: library.length }],
      },
    ],
  };
  const file = join(folder, 'list.json');
  await writeFile(file, JSON.stringify(list));
  return file;
}
