import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import {
  packsCatalogueOutputSchema,
  packsInstallOutputSchema,
  packsUpgradeOutputSchema,
} from '../../../main/shell/cli/commands/pack-installs.ts';
import { packsListOutputSchema, packsUseOutputSchema, packsVerifyOutputSchema } from '../../../main/shell/cli/commands/packs.ts';
import { generateOutputSchema } from '../../../main/shell/cli/commands/generate.ts';
import { hubServer } from '../../helpers/hub-server.ts';
import { toRepository } from '../../unit/installs/open-test-installer.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { failureOutputSchema } from './failure-output.ts';
import { runJson } from './run-cli.ts';

const model = fileURLToPath(new URL('../../fixtures/models/tiny-stable-diffusion', import.meta.url));

it('packs come from the hub and from folders, after a yes, and are upgraded, moved and removed', async () => {
  const home = await mkdtemp(join(tmpdir(), 'dediffusion-cli-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const server = hubServer([toRepository('org/tiny', model)]);
  const place = { home, environment: { HF_ENDPOINT: await serveHttp(server.listener), HF_HOME: join(home, 'hub') } };

  const { entries } = await runJson(['packs', 'catalogue'], place, packsCatalogueOutputSchema);
  expect(entries.length).toBeGreaterThanOrEqual(15);
  // Nobody sits at this terminal to say yes.
  const refused = await runJson(['packs', 'install', 'org/tiny'], place, failureOutputSchema, 1);
  expect(refused.error.code).toBe('consent-needed');
  expect(server.asked).toEqual([]);
  const { plan, installed } = await runJson(['packs', 'install', 'org/tiny', '--yes'], place, packsInstallOutputSchema);
  expect([plan.licence.name, installed.packId]).toEqual(['mit', 'tiny']);
  const upgraded = await runJson(['packs', 'upgrade'], place, packsUpgradeOutputSchema);
  expect(upgraded.packs).toMatchObject([{ id: 'tiny', installed: null }]);
  const adopted = await runJson(['packs', 'adopt', model, '--id', 'mine', '--licence', 'mit'], place, packsInstallOutputSchema);
  expect(adopted.installed).toMatchObject({ packId: 'mine', fetchedBytes: 0 });
  expect(adopted.installed.notes.join(' ')).not.toContain('licence');
  const used = await runJson(['packs', 'use', 'mine'], place, packsUseOutputSchema);
  expect(used).toEqual({ packId: 'mine' });
  const drawn = await runJson(['generate', 'a', '--steps', '1', '--out', 'drawn'], place, generateOutputSchema);
  expect(drawn.recipe.pack.id).toBe('mine');
  const nobody = await runJson(['packs', 'use', 'nobody'], place, failureOutputSchema, 1);
  expect(nobody.error.code).toBe('pack-not-found');
  const verified = await runJson(['packs', 'verify', 'mine'], place, packsVerifyOutputSchema);
  expect(verified.packs).toMatchObject([{ id: 'mine', ok: true }]);
  const moved = await runJson(['packs', 'move', 'mine', join(home, 'elsewhere')], place, packsListOutputSchema);
  expect(moved.packs.map(({ id }) => id)).toEqual(['tiny-scenes', 'mine', 'tiny']);
  const left = await runJson(['packs', 'remove', 'mine'], place, packsListOutputSchema);
  expect(left.packs.map(({ id }) => id)).toEqual(['tiny-scenes', 'tiny']);
}, 600_000);
