import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Ten thousand files take their time to go on a busy disk. */
const CLEANUP_TIMEOUT_MS = 300_000;

/** A fresh folder that goes away with the test. */
export function makeTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dediffusion-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }, CLEANUP_TIMEOUT_MS);
  return folder;
}
