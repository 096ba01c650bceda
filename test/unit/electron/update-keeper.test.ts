import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookEveryMs } from '../../../main/shell/electron/updates/update-keeper.ts';
import { setUpdateStage } from './update-stage.ts';

describe.skipIf(process.platform !== 'linux')('updates of an AppImage', () => {
  const stage = setUpdateStage();
  const { place, newer, agree, start, until, listProgram } = stage;

  describe('who chose', () => {
    it('off is asked for nothing by the studio itself, and may look', async () => {
      const { keeper } = start('off');
      await keeper.look();
      expect(place.asked).toEqual([]);
      await keeper.check();
      expect(keeper.state).toMatchObject({
        checkedMs: stage.now,
        step: { type: 'found', version: '0.2.0', notes: 'More words.', waits: false },
      });
      expect(place.asked.map(({ path }) => path)).toEqual(['/latest-linux.yml']);
    });

    it('ask hears of it, and nothing is fetched before a yes', async () => {
      const { keeper, file } = start('ask');
      await keeper.look();
      expect(keeper.state.step).toMatchObject({ type: 'found', waits: false });
      await keeper.installAtEnd();
      expect(place.asked).toHaveLength(1);
      keeper.bring();
      await until(keeper, 'ready');
      expect(readFileSync(file, 'utf8')).toBe('version 0.1.0');
    });

    it('automatic finds it ready, and it is installed when the program ends', async () => {
      const { keeper, file, states, ends, notes } = start('automatic');
      await keeper.look();
      await until(keeper, 'ready');
      expect(states.map(({ step }) => step.type)).toEqual(expect.arrayContaining(['checking', 'found', 'fetching', 'ready']));
      keeper.close();
      await keeper.installAtEnd();
      const installed = join(stage.folder, 'program', newer.file);
      expect(listProgram()).toEqual([newer.file]);
      expect(readFileSync(installed).equals(newer.bytes)).toBe(true);
      expect(statSync(installed).mode & 0o777).toBe(0o755);
      expect({ ends, last: notes.at(-1), isThere: file === installed }).toEqual({
        ends: [],
        last: { step: 'installed', version: '0.2.0' },
        isThere: false,
      });
    });

    it('a name of their own for the file keeps it', async () => {
      const { keeper } = start('automatic', { name: 'Studio.AppImage' });
      await keeper.look();
      await until(keeper, 'ready');
      await keeper.installAtEnd();
      expect(listProgram()).toEqual(['Studio.AppImage']);
      expect(readFileSync(join(stage.folder, 'program', 'Studio.AppImage')).equals(newer.bytes)).toBe(true);
    });

    it('to restart now gets the new version started', async () => {
      const { keeper, ends } = start('automatic');
      expect(() => keeper.restart()).toThrow(expect.objectContaining({ code: 'bad-request' }) as Error);
      await keeper.look();
      await until(keeper, 'ready');
      keeper.restart();
      keeper.close();
      await keeper.installAtEnd();
      expect(ends).toEqual(['quit', 'keys given back', `start ${join(stage.folder, 'program', newer.file)}`]);
    });

    it('off after it was fetched gets nothing installed', async () => {
      const { keeper, file } = start('automatic');
      await keeper.look();
      await until(keeper, 'ready');
      keeper.choose({ choice: 'off', feed: null });
      await keeper.installAtEnd();
      expect(keeper.state.step.type).toBe('idle');
      expect(readFileSync(file, 'utf8')).toBe('version 0.1.0');
    });
  });

  describe('by itself it looks', () => {
    it('once a day, also over a restart', async () => {
      place.offer({ ...newer, version: '0.1.0' });
      const { keeper } = start('ask');
      await keeper.look();
      expect(keeper.state.step.type).toBe('current');
      stage.pass(lookEveryMs - 1);
      await keeper.look();
      await start('ask').keeper.look();
      expect(place.asked).toHaveLength(1);
      stage.pass(1);
      await keeper.look();
      expect(place.asked).toHaveLength(2);
    });

    it('nowhere before a person agreed, without a word, and with one where they ask for it', async () => {
      await stage.core.client.network.revoke({ origin: stage.feed, purpose: 'update' });
      const { keeper } = start('automatic');
      await keeper.look();
      expect(keeper.state.step).toEqual({ type: 'idle' });
      await keeper.check();
      expect(keeper.state.step).toMatchObject({ type: 'failed', error: { code: 'consent-needed' } });
      expect(place.asked).toEqual([]);
      await agree();
      await keeper.look();
      await until(keeper, 'ready');
    });

    it('for nothing from a source stage.folder; a package and an archive hear of it, and fetch nothing', async () => {
      const { keeper: source } = start('automatic', { way: 'source' });
      await source.look();
      expect(place.asked).toEqual([]);
      for (const way of ['package', 'archive'] as const) {
        const { keeper } = start('automatic', { way });
        stage.pass(lookEveryMs);
        await keeper.look();
        keeper.bring();
        expect(keeper.state).toMatchObject({ way, step: { type: 'found', version: '0.2.0' } });
      }
      expect(place.asked.every(({ path }) => path === '/latest-linux.yml')).toBe(true);
    });
  });

  it('sends nothing but the request: no name, no number, no version of this one', async () => {
    const { keeper } = start('automatic');
    await keeper.look();
    await until(keeper, 'ready');
    expect(place.asked.map(({ path }) => path)).toEqual(['/latest-linux.yml', `/${newer.file}`]);
    for (const { headers } of place.asked) {
      expect(Object.keys(headers).sort()).toEqual(['accept', 'connection', 'host', 'user-agent']);
      expect(headers['user-agent']).toBe('De-Diffusion-Studio');
    }
    expect((await stage.core.client.network.report()).sent.find(({ origin }) => origin === stage.feed)?.purpose).toBe('update');
  });
});
