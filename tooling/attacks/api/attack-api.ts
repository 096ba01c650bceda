import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readAttackOptions } from '../attack-options.ts';
import { Host } from '../host.ts';

/**
 * `npm run attack:api -- --count 4 --seed 1`: schemathesis (a program of the Python registry, named in SCHEMATHESIS or found on the path)
 * asks a host for everything its OpenAPI document describes, with arguments that fit and arguments that do not. No answer may be an error of
 * the server, and nothing may end the host.
 */
const { count, seed, dataFolder } = readAttackOptions(4);

const host = await Host.start(dataFolder);
try {
  const { secret } = await host.client.accessKeys.create({ name: 'schemathesis', scope: 'admin' });
  const program = spawn(
    process.env['SCHEMATHESIS'] ?? 'schemathesis',
    [
      ...['run', `${host.origin}/api/openapi.json`, '--header', `Authorization: Bearer ${secret}`, '--no-color'],
      ...['--checks', 'not_a_server_error', '--phases', 'fuzzing', '--suppress-health-check', 'all'],
      ...['--max-examples', String(count), '--seed', String(seed), '--request-timeout', '60'],
      // It goes on as long as somebody listens.
      ...['--exclude-operation-id', 'studio.events'],
    ],
    // What it writes down of its own belongs to the attack.
    { cwd: dataFolder, stdio: 'inherit' },
  );
  const [code] = (await once(program, 'close')) as [number | null];
  process.exitCode = code === 0 && !host.hasEnded ? 0 : 1;
} finally {
  await host.close();
}
