import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** What the studio stored when versions began; see the README there. */
export const FIRST_RECORDS = fileURLToPath(new URL('../fixtures/records/1', import.meta.url));

/** What changed its form first; see the README there. */
export const SECOND_RECORDS = fileURLToPath(new URL('../fixtures/records/2', import.meta.url));

/** What changed its form a second time; see the README there. */
export const THIRD_RECORDS = fileURLToPath(new URL('../fixtures/records/3', import.meta.url));

/** What grew after that; see the README there. */
export const FOURTH_RECORDS = fileURLToPath(new URL('../fixtures/records/4', import.meta.url));

/** Readers beside the encoder, servers that run models, second prompts; see the README there. */
export const FIFTH_RECORDS = fileURLToPath(new URL('../fixtures/records/5', import.meta.url));

/** Captioners and parts of pictures, pictures saved without what they say, more tools, refined blends and mixed texts; see the README there. */
export const SIXTH_RECORDS = fileURLToPath(new URL('../fixtures/records/6', import.meta.url));

/** Masks; see the README there. */
export const SEVENTH_RECORDS = fileURLToPath(new URL('../fixtures/records/7', import.meta.url));

/** Servers that run models, asked over gRPC; see the README there. */
export const EIGHTH_RECORDS = fileURLToPath(new URL('../fixtures/records/8', import.meta.url));

/** Columns that a person draws by hand; see the README there. */
export const NINTH_RECORDS = fileURLToPath(new URL('../fixtures/records/9', import.meta.url));

/** Weights in the readings of three programs; see the README there. */
export const TENTH_RECORDS = fileURLToPath(new URL('../fixtures/records/10', import.meta.url));

/** A version no studio knows yet. */
export const NEWER = 99;

/** A copy to work on of the frozen data folder; the frozen one is never touched. */
export function copyFrozenLibrary(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'dediffusion-records-'));
  cpSync(join(FIRST_RECORDS, 'library'), folder, { recursive: true });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function readJson(path: string): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Makes a file one of a later studio, and returns the way to look whether its bytes are still those. */
export function makeNewer(path: string, change: (value: Record<string, unknown>) => unknown = (value) => value): () => boolean {
  const bytes = JSON.stringify({
    ...z.record(z.string(), z.unknown()).parse(change(readJson(path))),
    later: { of: 'a form unknown here' },
  });
  writeFileSync(path, bytes);
  return () => readFileSync(path, 'utf8') === bytes;
}

/** The items of a library's folder by their kind, oldest first. */
export function listItemFiles(folder: string, kind: string): string[] {
  return readdirSync(join(folder, 'items'))
    .sort()
    .map((name) => join(folder, 'items', name))
    .filter((path) => readJson(path)['kind'] === kind);
}
