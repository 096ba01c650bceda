import { expect, it } from 'vitest';
import { judgeMemory } from '../../../main/providers/judge-memory.ts';
import { quietContext } from '../../../main/running/run-context.ts';
import { copyModel, openTestInstaller, toAnything } from '../installs/open-test-installer.ts';

it('whether a drawing fits is told by what the studio may use and by what is free', async () => {
  const { installer, packs } = await openTestInstaller();
  const source = { type: 'folder', path: await copyModel('tiny-stable-diffusion') } as const;
  await installer.install(source, {}, toAnything('unknown'), quietContext);
  const pack = await packs.resolvePack('tiny-stable-diffusion');
  const judge = (side: number, memoryBudgetBytes: number, freeBytes: number, device: 'cpu' | 'remote:cluster' = 'cpu') =>
    judgeMemory(pack, { width: side, height: side }, { device, memoryBytes: 0, memoryBudgetBytes }, freeBytes);

  const roomy = await judge(512, 64e9, 64e9);
  expect(roomy).toMatchObject({ verdict: 'fits', haveBytes: 64e9, smaller: null });
  const needBytes = roomy?.needBytes ?? 0;
  expect(needBytes).toBeGreaterThan(130e6);
  expect(await judge(512, needBytes * 1.1, 64e9)).toMatchObject({ verdict: 'close', needBytes, smaller: null });
  expect(await judge(512, 64e9, needBytes * 1.1)).toMatchObject({ verdict: 'close', haveBytes: needBytes * 1.1 });
  expect(await judge(512, 64e9, needBytes * 0.99)).toMatchObject({ verdict: 'short' });
  const refused = await judge(512, needBytes * 0.99, 64e9);
  expect(refused).toMatchObject({ verdict: 'too-much', haveBytes: needBytes * 0.99 });
  // What is said to fit does.
  expect(refused?.smaller?.width).toBeLessThan(512);
  expect((await judge(refused?.smaller?.width ?? 0, needBytes * 0.99, 64e9))?.verdict).not.toBe('too-much');
  expect((await judge(512, 100e6, 64e9))?.smaller).toBeNull();
  expect(await judge(512, 1, 1, 'remote:cluster')).toBeNull();
});

it('what is absent is the pack’s own', async () => {
  const { installer, packs } = await openTestInstaller();
  const source = { type: 'folder', path: await copyModel('tiny-stable-diffusion') } as const;
  await installer.install(source, {}, toAnything('unknown'), quietContext);
  const pack = await packs.resolvePack('tiny-stable-diffusion');
  const status = { device: 'cpu', memoryBytes: 0, memoryBudgetBytes: 64e9 } as const;
  const { image, defaults } = pack.manifest.roles.decoder ?? { image: { width: 0, height: 0 }, defaults: { guidance: 0 } };
  const { width, height } = image;
  const told = await judgeMemory(pack, { width, height, count: 1, guidance: defaults.guidance }, status, 64e9);
  expect(await judgeMemory(pack, {}, status, 64e9)).toEqual(told);
});
