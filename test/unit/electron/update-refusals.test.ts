import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lookEveryMs } from '../../../main/shell/electron/updates/update-keeper.ts';
import { setUpdateStage } from './update-stage.ts';
import type { Program } from './update-stage.ts';

describe.skipIf(process.platform !== 'linux')('updates of an AppImage that do not happen', () => {
  const stage = setUpdateStage();
  const { place, newer, start, until, listProgram, stall } = stage;

  describe('while jobs run or wait', () => {
    it('it looks for nothing, and does when they are done', async () => {
      const { keeper } = start('ask');
      keeper.setWorking(true);
      await keeper.look();
      expect(place.asked).toEqual([]);
      keeper.setWorking(false);
      await until(keeper, 'found');
    });

    it('what a person wants waits and says so, and is fetched afterwards', async () => {
      const { keeper } = start('ask');
      await keeper.check();
      keeper.setWorking(true);
      keeper.bring();
      expect(keeper.state).toMatchObject({ isWorking: true, step: { type: 'found', waits: true } });
      keeper.stop();
      expect(keeper.state.step).toMatchObject({ type: 'found', waits: false });
      keeper.bring();
      keeper.setWorking(false);
      await until(keeper, 'ready');
    });

    it('what is on its way stops, keeps its bytes, and goes on afterwards', async () => {
      place.misbehave(stall(150_000));
      const { keeper } = start('automatic');
      await keeper.look();
      await expect.poll(() => keeper.state.step, { timeout: 20_000 }).toMatchObject({ type: 'fetching', doneBytes: 150_000 });
      keeper.setWorking(true);
      await until(keeper, 'found');
      expect(keeper.state.step).toMatchObject({ waits: true });
      place.misbehave(null);
      keeper.setWorking(false);
      await until(keeper, 'ready');
      expect(place.asked.at(-1)?.from).toBe(150_000);
    });

    it('nothing is installed, whether the program ends or a person wants to restart', async () => {
      const { keeper, file, ends, notes } = start('automatic');
      await keeper.look();
      await until(keeper, 'ready');
      keeper.setWorking(true);
      expect(() => keeper.restart()).toThrow('The studio is working, so it is not ended now.');
      keeper.close();
      await keeper.installAtEnd();
      expect(readFileSync(file, 'utf8')).toBe('version 0.1.0');
      expect({ ends, last: notes.at(-1) }).toEqual({ ends: [], last: { step: 'waits', version: '0.2.0' } });
      // The next start finds what was fetched.
      stage.pass(lookEveryMs);
      place.asked.length = 0;
      const { keeper: next } = start('automatic');
      await next.look();
      await until(next, 'ready');
      expect(place.asked.map(({ path }) => path)).toEqual(['/latest-linux.yml']);
    });
  });

  describe('nothing changes and it is told', () => {
    const isUntouched = ({ file }: Program) => {
      expect(listProgram()).toEqual([file.split('/').at(-1)]);
      expect(readFileSync(file, 'utf8')).toBe('version 0.1.0');
    };

    it('where the sum is another', async () => {
      place.offer({ ...newer, sha512: `${'A'.repeat(86)}==` });
      const program = start('automatic');
      await program.keeper.look();
      await until(program.keeper, 'failed');
      await program.keeper.installAtEnd();
      expect(program.keeper.state.step).toMatchObject({ error: { code: 'download-damaged' } });
      isUntouched(program);
    });

    it('where the version is older, or this one', async () => {
      for (const version of ['0.0.9', '0.1.0', '0.1.0-beta.1']) {
        place.offer({ ...newer, version });
        const program = start('automatic');
        await program.keeper.check();
        expect(program.keeper.state.step).toEqual({ type: 'current' });
        await program.keeper.installAtEnd();
        isUntouched(program);
      }
      expect(place.asked.every(({ path }) => path === '/latest-linux.yml')).toBe(true);
    });

    it('where nobody answers, or the place has no feed', async () => {
      place.offer(null);
      const program = start('automatic');
      await program.keeper.check();
      expect(program.keeper.state.step).toMatchObject({ type: 'failed', error: { code: 'download-refused' } });
      const nobody = 'http://127.0.0.1:9';
      program.keeper.choose({ choice: 'ask', feed: nobody });
      await stage.core.client.network.allow({
        origin: nobody,
        purpose: 'update',
        sends: ['address'],
        keeps: ['program'],
        shown: '',
      });
      await program.keeper.check();
      expect(program.keeper.state.step).toMatchObject({ type: 'failed', error: { code: 'address-unreachable' } });
      isUntouched(program);
    });

    it('where the stage.feed is none, or says nothing of its file', async () => {
      for (const feedText of [': : :', '{"version":"newest","files":[]}', 'hello']) {
        const strange = createServer((_request, response) => response.end(feedText)).listen(0, '127.0.0.1');
        await once(strange, 'listening');
        const origin = `http://127.0.0.1:${(strange.address() as AddressInfo).port}`;
        await stage.core.client.network.allow({ origin, purpose: 'update', sends: ['address'], keeps: ['program'], shown: '' });
        const program = start('ask');
        program.keeper.choose({ choice: 'off', feed: origin });
        await program.keeper.check();
        expect(program.keeper.state.step, feedText).toMatchObject({ type: 'failed', error: { code: 'answer-unreadable' } });
        isUntouched(program);
        strange.close();
      }
    });

    it('where the file lies where it may not be replaced', async () => {
      const program = start('automatic');
      rmSync(join(stage.folder, 'program'), { recursive: true });
      await program.keeper.look();
      await until(program.keeper, 'failed');
      expect(program.keeper.state.step).toMatchObject({ error: { code: 'file-unwritable' } });
      expect(place.asked).toHaveLength(1);
    });

    it('where what was fetched is damaged before it is installed', async () => {
      const program = start('automatic');
      await program.keeper.look();
      await until(program.keeper, 'ready');
      const pending = readdirSync(join(stage.folder, 'cache'), { recursive: true, encoding: 'utf8' }).find((name) =>
        name.endsWith(newer.file),
      );
      writeFileSync(join(stage.folder, 'cache', pending ?? ''), 'half');
      await program.keeper.installAtEnd();
      expect(program.notes.at(-1)).toMatchObject({ step: 'failed', code: 'download-damaged' });
      isUntouched(program);
    });
  });
});
