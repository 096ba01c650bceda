import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const execute = promisify(execFile);
const project = resolve(import.meta.dirname, '../../..');

/** One file per rule that breaks it. A rule whose plant is not found has died. */
const plants: Record<string, { file: string; source: string }> = {
  'no-circular': { file: 'main/tensor/first.ts', source: "import './second.ts'; export const first = 1;" },
  'contract-imports-nothing': { file: 'contract/reads-files.ts', source: "import 'node:fs';" },
  'every-file-has-a-room': { file: 'main/lies-loose.ts', source: "import 'node:fs';" },
  'work-asks-ports': { file: 'main/work/calls-engine.ts', source: "import '../engine/target.ts';" },
  'rooms-do-not-import-the-studio': { file: 'main/library/reads-studio.ts', source: "import '../studio.ts';" },
  'nothing-imports-a-shell': { file: 'renderer/reads-shell.ts', source: "import '../main/shell/server/target.ts';" },
  'shells-see-the-studio-and-the-contract': {
    file: 'main/shell/cli/reads-room.ts',
    source: "import '../../image/target.ts';",
  },
  'one-file-touches-onnxruntime': { file: 'main/image/runs-graphs.ts', source: "import 'onnxruntime-node';" },
  'one-file-touches-electron-updater': {
    file: 'main/shell/electron/updates/updates-itself.ts',
    source: "import 'electron-updater';",
  },
  'one-folder-touches-sharp': { file: 'main/library/decodes.ts', source: "import 'sharp';" },
  'one-file-touches-exifreader': { file: 'main/image/decode/reads-fields.ts', source: "import 'exifreader';" },
  'decoding-stays-in-the-picture-process': {
    file: 'main/engine/decodes.ts',
    source: "import '../image/decode/target.ts';",
  },
  'electron-stays-in-its-shell': { file: 'main/image/opens-windows.ts', source: "import 'electron';" },
  'one-file-touches-the-ai-sdk': { file: 'main/answers/asks-a-model.ts', source: "import '@ai-sdk/anthropic';" },
  'engine-has-no-database-and-no-network': { file: 'main/engine/opens-database.ts', source: "import 'better-sqlite3';" },
  'own-pipe-serve-studio': { file: 'main/shell/server/serve-studio.ts', source: "import { connect } from 'node:tls'; connect;" },
  'own-pipe-host-process': {
    file: 'main/shell/electron/host/host-process.ts',
    source: "import { connect } from 'node:net'; connect;",
  },
  'own-pipe-forward-request': {
    file: 'main/shell/electron/host/forward-request.ts',
    source: "import { request } from 'node:https'; request;",
  },
  'requests-go-through-the-network': { file: 'main/answers/asks.ts', source: "import '../network/open-request.ts';" },
  'renderer-imports-contract-only': { file: 'renderer/reads-core.ts', source: "import '../main/image/target.ts';" },
  'components-never-call-a-transport': {
    file: 'renderer/features/words/Words.svelte',
    source: '<script lang="ts">import \'../../client/target.ts\';</script>',
  },
  'production-code-imports-no-test': { file: 'main/image/reads-test.ts', source: "import '../../test/target.ts';" },
};

/** Every way out, each planted once. Named as dependency-cruiser finds it: built in, or a package. */
const waysOut = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises', 'inspector', 'undici', 'ws'];
const waysOutPlants = Object.fromEntries(
  waysOut.map((name) => [
    `main/services/goes-out-by-${name.replace('/', '-')}.ts`,
    `export const way = await import('${['undici', 'ws'].includes(name) ? name : `node:${name}`}');`,
  ]),
);
/** Its honest users: what they may have is no violation. */
const ownPipes: Record<string, string> = {
  'main/network/asks.ts': "import { request } from 'node:https'; request;",
  'main/packs/types-alone.ts': "import type { Server } from 'node:http'; export type Own = Server;",
};

const targets: Record<string, string> = {
  'main/tensor/second.ts': "import './first.ts'; export const second = 2;",
  'main/image/decode/target.ts': 'export const target = 1;',
  'main/image/target.ts': 'export const target = 1;',
  'main/engine/target.ts': 'export const target = 1;',
  'main/jobs/target.ts': 'export const target = 1;',
  'main/network/open-request.ts': 'export const target = 1;',
  'main/studio.ts': 'export const target = 1;',
  'main/shell/server/target.ts': 'export const target = 1;',
  'renderer/client/target.ts': 'export const target = 1;',
  'test/target.ts': 'export const target = 1;',
};

/** The rooms as main/README.md lists them: every one imports the one behind it, which the rules must find. */
async function readRooms(): Promise<string[]> {
  const table = await readFile(join(project, 'main/README.md'), 'utf8');
  return [...table.matchAll(/^\| \d+ +\| `([a-z-]+)\/`/gm)].flatMap(([, room]) => room ?? []);
}

interface Report {
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

describe('the import rules', () => {
  let folder = '';
  let found: ReadonlySet<string> = new Set();
  let rooms: readonly string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'planted-imports-'));
    rooms = await readRooms();
    const backwards = rooms
      .slice(0, -1)
      .map((room, at): [string, string] => [`main/${room}/reads-later.ts`, `import '../${rooms[at + 1]}/room.ts';`]);
    const files = {
      ...Object.fromEntries(rooms.map((room) => [`main/${room}/room.ts`, 'export const room = 1;'])),
      ...Object.fromEntries(backwards),
      ...targets,
      ...waysOutPlants,
      ...ownPipes,
      ...Object.fromEntries(Object.values(plants).map(({ file, source }) => [file, source])),
    };
    for (const [file, source] of Object.entries(files)) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await writeFile(join(folder, file), source);
    }
    for (const shared of ['node_modules', 'tooling', 'package.json']) await symlink(join(project, shared), join(folder, shared));
    const output = await execute(
      process.execPath,
      [
        join(project, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        '--config',
        join(project, 'tooling/import-rules/rules.cjs'),
        '--output-type',
        'json',
        '--preserve-symlinks',
        'contract',
        'main',
        'renderer',
        'test',
      ],
      { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
    ).catch((error: unknown) => error as { stdout: string });
    const report = JSON.parse(output.stdout) as Report;
    found = new Set(report.summary.violations.map((violation) => `${violation.rule.name} ${violation.from}`));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('every room of main/README.md may import earlier rooms only', () => {
    expect(rooms.length).toBeGreaterThan(15);
    const expected = rooms.slice(0, -1).map((room) => `room-order-${room} main/${room}/reads-later.ts`);
    expect([...found].filter((entry) => /^room-order-.*\/reads-later\.ts$/.test(entry)).toSorted()).toEqual(expected.toSorted());
  });

  it.each(Object.keys(waysOutPlants))('one-way-out finds %s', (file) => {
    expect(found).toContain(`one-way-out ${file}`);
  });

  it('let the way out itself, and types, be', () => {
    for (const file of Object.keys(ownPipes)) expect([...found].filter((entry) => entry.endsWith(` ${file}`))).toEqual([]);
  });

  it.each(Object.entries(plants))('%s finds its planted violation', (rule, { file }) => {
    const caught = [...found].filter((entry) => entry.startsWith(`${rule} `));
    // A cycle is reported from whichever of its files is cruised first.
    expect(caught.some((entry) => rule === 'no-circular' || entry === `${rule} ${file}`)).toBe(true);
  });
});
