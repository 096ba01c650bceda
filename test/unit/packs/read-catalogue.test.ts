import { expect, it } from 'vitest';
import { judgeFitness } from '../../../main/packs/judge-fitness.ts';
import { readCatalogue } from '../../../main/packs/read-catalogue.ts';

const entries = readCatalogue();
const find = (id: string) => {
  const entry = entries.find((one) => one.id === id);
  if (entry === undefined) throw new Error(`no entry ${id}`);
  return entry;
};

it('has at least fifteen repositories, each once, of every use', () => {
  expect(entries.length).toBeGreaterThanOrEqual(15);
  expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  expect(new Set(entries.map(({ repository, revision }) => `${repository}@${revision}`)).size).toBe(entries.length);
  expect(new Set(entries.flatMap(({ does }) => does))).toEqual(new Set(['draws', 'previews', 'reads', 'scores', 'writes']));
});

it.each(entries)('$id adds up and says what it must', ({ files, bytes, memoryMb, dtype, layout, verified, runs, licence }) => {
  const sum = files.reduce((all, file) => all + file.bytes, 0);
  expect(bytes).toBeGreaterThanOrEqual(sum);
  expect(bytes - sum).toBeLessThan(10_000_000);
  // Weights are held in memory whole.
  expect(memoryMb * 1_000_000).toBeGreaterThan(bytes);
  expect(files.every(({ path }) => !path.startsWith('/') && !path.includes('..'))).toBe(true);
  if (layout === 'transformers.js') expect(files.every(({ path }) => path.endsWith(`${dtype}.onnx`))).toBe(true);
  // What nothing runs cannot have been verified.
  if (!runs) expect(verified).toBe('nothing');
  if (licence.commercial !== 'yes') expect(licence.note).not.toBe('');
});

it('calls kept for later what nothing runs, and says before it is fetched what a model in one file needs', () => {
  expect(entries.filter(({ runs }) => !runs).map(({ id }) => id)).toEqual(['smolvlm-256m']);
  const inOneFile = entries.filter(({ layout }) => layout === 'gguf');
  expect(inOneFile).toHaveLength(3);
  for (const { summary } of inOneFile) expect(summary).toContain('node-llama-cpp');
});

it('judges a machine by memory, disk and devices', () => {
  const large = { memoryBytes: 64e9, freeDiskBytes: 100e9, devices: ['cpu', 'cuda'] as const };
  const base = find('sdxl-base');
  expect(judgeFitness(base, large)).toEqual({ verdict: 'fits' });
  expect(judgeFitness(base, { ...large, memoryBytes: 8e9 })).toEqual({ verdict: 'memory', needMb: 18_500, haveMb: 8000 });
  expect(judgeFitness(base, { ...large, freeDiskBytes: 5e9 })).toMatchObject({ verdict: 'disk', haveMb: 5000 });
  expect(judgeFitness(base, { ...large, devices: ['cpu'] })).toEqual({ verdict: 'slow' });
  expect(judgeFitness(find('sd-turbo'), { ...large, devices: ['cpu'] })).toEqual({ verdict: 'device', devices: ['webgpu'] });
  expect(judgeFitness(find('clip-base-32'), { ...large, devices: ['cpu'] })).toEqual({ verdict: 'fits' });
  // Nobody has looked for devices yet.
  expect(judgeFitness(find('sd-turbo'), { ...large, devices: null })).toEqual({ verdict: 'fits' });
});
