import { expect, it } from 'vitest';
import { ComfyuiClient } from '../../../../main/providers/comfyui/comfyui-client.ts';
import { openComfyui } from '../../../../main/providers/comfyui/comfyui-drawer.ts';
import { openPool } from '../../../../main/providers/comfyui/pool-drawer.ts';
import { ComfyuiServer } from '../../../helpers/comfyui-server.ts';
import { serveHttp } from '../../network/local-servers.ts';
import { openToolPlace } from '../open-tool.ts';
import { drawWith, never, openMeter, openPictures } from '../tool-bench.ts';

const pictures = openPictures();

/** Two servers that draw the same, the first of which draws as long as it can be reached. */
async function open({ isMovable = true } = {}) {
  const meter = openMeter();
  const away: string[] = [];
  const pool = await Promise.all(
    [new ComfyuiServer(), new ComfyuiServer()].map(async (server) => {
      const origin = await serveHttp(server.listener, server.upgrade);
      const client = new ComfyuiClient(await openToolPlace(origin, { kind: 'comfyui' }));
      const times = { checkMs: 40, pauseMs: 10, awayMs: 50 };
      const openOne = (signal: AbortSignal) => openComfyui(client, { pictures, meter, times }, signal);
      return { server, host: new URL(origin).host, open: openOne };
    }),
  );
  const options = { isMovable: () => isMovable, onAway: (host: string) => void away.push(host) };
  const submits = () => pool.map(({ server }) => server.asked('/prompt', 'POST').length);
  return { pool, meter, away, submits, openDrawer: () => openPool(pool, options, never) };
}

it('a server that is gone in the middle leaves what is drawn, and another draws the rest with its seeds', async () => {
  const { pool, meter, away, submits, openDrawer } = await open();
  const drawn = await drawWith(await openDrawer(), { count: 3 }, ({ pictures: got }) => {
    if (got.length === 1) pool[0]?.server.kill();
  });
  expect(drawn.pictures.map(({ recipe }) => [recipe.seed, recipe.kind === 'tool' ? recipe.host : ''])).toEqual([
    [7, pool[0]?.host],
    ...[8, 9].map((seed) => [seed, pool[1]?.host]),
  ]);
  expect(submits()[1]).toBe(2);
  expect(meter.counted).toHaveLength(3);
  expect(away).toEqual([pool[0]?.host]);
  const fractions = drawn.progress.map(({ fraction }) => fraction);
  expect(Math.max(...fractions)).toBeLessThanOrEqual(1);
});

it('what may have been paid is not moved', async () => {
  const { pool, submits, openDrawer } = await open({ isMovable: false });
  const drawer = await openDrawer();
  for (const { server } of pool) server.held = 'step';
  const drawing = drawWith(drawer);
  await pool[0]?.server.next('/prompt');
  pool[0]?.server.kill();
  await expect(drawing).rejects.toMatchObject({ code: 'address-unreachable' });
  expect(submits()).toEqual([1, 0]);
});

it('what another server has begun at an earlier start is taken up there, not drawn twice', async () => {
  const { pool, meter, submits, openDrawer } = await open();
  const second = await pool[1]?.open(never);
  if (second === undefined) throw new Error('no second server');
  await drawWith(second, { workId: 'same' });
  const drawn = await drawWith(await openDrawer(), { workId: 'same' });
  expect(drawn.pictures).toHaveLength(1);
  expect(submits()).toEqual([0, 1]);
  expect(meter.counted).toHaveLength(1);
});

it('a server that cannot be reached at all is passed over', async () => {
  const { pool, away, submits, openDrawer } = await open();
  pool[0]?.server.kill();
  await drawWith(await openDrawer());
  expect(submits()).toEqual([0, 1]);
  expect(away[0]).toBe(pool[0]?.host);
  pool[1]?.server.kill();
  await expect(openDrawer()).rejects.toMatchObject({ code: 'address-unreachable' });
});
