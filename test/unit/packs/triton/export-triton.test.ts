import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TritonExport } from '../../../../contract/models/triton-export.ts';
import { exportTriton } from '../../../../main/packs/triton/export-triton.ts';
import { composeRemoteName } from '../../../../main/packs/name-remote-graph.ts';
import { readManifest } from '../../../../main/packs/read-manifest.ts';
import { packFolder } from '../../../helpers/open-cluster.ts';

const found = await readManifest(packFolder);
if (found === null) throw new Error('the pack is not there');
const { manifest } = found;
const never = new AbortController().signal;
/** A Python that has tritonclient, whose copy of model_config.proto reads the files; .ci/run makes one where it can. */
const python = process.env['DEDIFFUSION_TRITON_PYTHON'] ?? '';
const folders: string[] = [];
// Nobody knows how long a disk takes that others write to.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function prepare() {
  const parent = await mkdtemp(join(tmpdir(), 'triton-'));
  folders.push(parent);
  const folder = join(parent, 'out');
  return { parent, folder, pack: { manifest, folder: packFolder } };
}
/** As servers call a part of the pack, whichever version it has. */
const nameOf = (part: string): string => composeRemoteName(manifest, part);
const configOf = (folder: string, model: string): Promise<string> =>
  readFile(join(folder, 'models', model, 'config.pbtxt'), 'utf8');

describe('a pack written for Triton', () => {
  let parent: string;
  let folder: string;
  let written: TritonExport;
  beforeAll(async () => {
    const prepared = await prepare();
    ({ parent, folder } = prepared);
    written = await exportTriton(prepared.pack, folder, never);
  });

  it('has every graph under the name the studio asks for, bit for bit', async () => {
    expect(await readdir(parent)).toEqual(['out']);
    expect((await readdir(folder)).sort()).toEqual(['README.md', 'compose.yaml', 'kubernetes.yaml', 'models']);
    expect((await readdir(join(folder, 'models'))).sort()).toEqual([...written.models].sort());
    const backbone = await readFile(join(folder, 'models', nameOf('encoder/backbone'), '1', 'model.onnx'));
    expect(backbone.equals(await readFile(join(packFolder, 'encoder', 'backbone.onnx')))).toBe(true);
    expect(written.bytes).toBeGreaterThan(backbone.byteLength);
  });

  it('joins requests where every input and output has the pictures as its first axis, and only there', async () => {
    const backbone = await configOf(folder, nameOf('encoder/backbone'));
    expect(backbone).toContain('backend: "onnxruntime"');
    expect(backbone).toContain('max_batch_size: 64');
    expect(backbone).toContain('dynamic_batching {');
    expect(backbone).toContain('kind: KIND_AUTO');
    expect(backbone).toContain('name: "pixel_values"\n    data_type: TYPE_FP32\n    dims: [ 3, 64, 64 ]');
    // Its score has no axis but the pictures.
    const inside = await configOf(folder, nameOf('encoder/inside'));
    expect(inside).toContain('max_batch_size: 0');
    expect(inside).not.toContain('dynamic_batching');
    expect(inside).toContain('dims: [ -1 ]');
  });

  it('asks a picture with each head, and a text with every text encoder, as one', async () => {
    const { models } = written;
    expect(models.slice(-4)).toEqual(['5', '15', '75'].map((length) => nameOf(`read-${length}`)).concat(nameOf('texts')));
    const read = await configOf(folder, nameOf('read-15'));
    expect(read).toContain('platform: "ensemble"');
    expect(read.indexOf('encoder__backbone"')).toBeLessThan(read.indexOf('encoder__pooler_15"'));
    expect(read.match(/value: "image_features"/g)).toHaveLength(2);
    const texts = await configOf(folder, nameOf('texts'));
    expect(texts).toContain('name: "text_encoder.input_ids"');
    expect(texts).toContain('name: "scorer.input_ids"');
  });

  it('says how Triton is started on it', async () => {
    const compose = await readFile(join(folder, 'compose.yaml'), 'utf8');
    expect(compose).toMatch(/image: nvcr\.io\/nvidia\/tritonserver:[\d.]+-py3/);
    expect(compose).toContain('- ./models:/models:ro');
    // Over HTTP and over gRPC, both on this machine alone.
    expect(compose.match(/- "127\.0\.0\.1:\d+:\d+"/g)).toEqual(['- "127.0.0.1:8000:8000"', '- "127.0.0.1:8001:8001"']);
    const kubernetes = await readFile(join(folder, 'kubernetes.yaml'), 'utf8');
    expect(kubernetes.match(/^kind: (.*)$/gm)).toEqual(['kind: PersistentVolumeClaim', 'kind: Deployment', 'kind: Service']);
    expect(kubernetes).toContain('claimName: tiny-scenes-models');
    expect(kubernetes.match(/(?:containerPort|targetPort): \d+/g)).toEqual([
      ...['containerPort: 8000', 'containerPort: 8001', 'targetPort: 8000', 'targetPort: 8001'],
    ]);
  });

  it('touches no folder with something in it, and leaves nothing when it is stopped', async () => {
    const { parent, folder, pack } = await prepare();
    await writeFile(join(parent, 'mine.txt'), 'mine');
    await expect(exportTriton(pack, parent, never)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(exportTriton(pack, 'relative', never)).rejects.toMatchObject({ code: 'bad-request' });
    await expect(exportTriton(pack, folder, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(await readdir(parent)).toEqual(['mine.txt']);
  });

  it.skipIf(python === '')('is read by the reader of Triton’s own description of configs', async () => {
    const { models } = written;
    const script = [
      'import sys, glob',
      'from google.protobuf import text_format',
      'from tritonclient.grpc import model_config_pb2',
      'for path in sorted(glob.glob(sys.argv[1] + "/models/*/config.pbtxt")):',
      '    config = text_format.Parse(open(path).read(), model_config_pb2.ModelConfig())',
      '    print(config.name, len(config.input) > 0, len(config.output) > 0, len(config.ensemble_scheduling.step))',
    ].join('\n');
    const { stdout } = await promisify(execFile)(python, ['-c', script, folder]);
    const lines = stdout.trim().split('\n');
    expect(lines.map((line) => line.split(' ')[0]).sort()).toEqual([...models].sort());
    expect(lines.every((line) => line.includes('True True'))).toBe(true);
  });
});
