import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileCacheFolder, compileCacheVariable } from '../../../main/files/compile-cache.ts';

const program = resolve('main/shell/cli/dediffusion.ts');
const folder = mkdtempSync(join(tmpdir(), 'compile-cache-'));
const environment = { ...process.env };
delete environment['NODE_COMPILE_CACHE'];

const help = (dataFolder: string): string =>
  execFileSync(process.execPath, [program, '--help'], {
    env: { ...environment, DEDIFFUSION_HOME: dataFolder },
    encoding: 'utf8',
  });

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('compiled code of the studio', () => {
  it('is kept with the library, and not where there is none yet', () => {
    const [none, some] = [join(folder, 'none'), join(folder, 'some')];
    mkdirSync(some);
    expect(help(none)).toEqual(help(some));
    expect(readdirSync(compileCacheFolder(some))).not.toEqual([]);
    expect(readdirSync(folder)).toEqual(['some']);
    rmSync(folder, { recursive: true });
  });

  it('lies where a person has chosen, in child processes too', () => {
    vi.stubEnv('NODE_COMPILE_CACHE', undefined);
    expect(compileCacheVariable('/here')).toEqual({ NODE_COMPILE_CACHE: '/here' });
    expect(compileCacheVariable(null)).toEqual({});
    vi.stubEnv('NODE_COMPILE_CACHE', '/elsewhere');
    expect(compileCacheVariable('/here')).toEqual({});
  });
});
