import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { StudioPage } from '../../helpers/browser-studio-page.ts';
import { ComfyuiServer } from '../../helpers/comfyui-server.ts';
import { KserveServer } from '../../helpers/kserve-server.ts';
import { serveHttp } from '../../unit/network/local-servers.ts';
import { launchStudio } from '../../helpers/browser-launch-studio.ts';
import type { StudioUnderTest } from '../../helpers/browser-launch-studio.ts';
import { modelServer, writeChat } from '../../helpers/model-server.ts';

const { listener, heard } = modelServer((response) => writeChat(response, '{"colour":"white"}'));
let server: Server;
let address: string;
let studio: StudioUnderTest;
beforeAll(async () => {
  server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  studio = await launchStudio();
  await studio.page.getByRole('button', { name: 'Settings', exact: true }).click();
});
afterAll(async () => {
  await studio.close();
  server.closeAllConnections();
  server.close();
});

describe('a connection', () => {
  it('is added by its address, and nothing is asked by that', async () => {
    const { page } = studio;
    await page.getByRole('button', { name: 'Nothing leaves this machine unasked' }).waitFor();
    const section = page.getByRole('region', { name: 'Connections' });
    await section.getByText('Nothing is connected.', { exact: false }).waitFor();
    await section.getByRole('button', { name: 'Add one by its address' }).click();
    const form = section.getByRole('form', { name: 'A connection' });
    await form.getByRole('textbox', { name: 'Address' }).fill(address);
    await form.getByRole('textbox', { name: /^Model/ }).fill('small');
    await form.getByText('The name takes small letters', { exact: false }).waitFor();
    await form.getByRole('textbox', { name: 'Name here' }).fill('mine');
    await form.getByRole('button', { name: 'Save' }).click();
    const card = section.getByRole('article', { name: 'mine' });
    await card.getByText('No picture does.', { exact: false }).waitFor();
    await card.getByText('Nothing has gone there', { exact: false }).waitFor();
    expect(heard).toEqual([]);
  });

  it('is tested after a yes, says how it answers, and what left is counted in the status line', async () => {
    const { page } = studio;
    const card = page.getByRole('article', { name: 'mine' });
    await card.getByRole('button', { name: 'Test mine' }).click();
    await card.getByText('It answers: the first word after', { exact: false }).waitFor();
    await card.getByText('It keeps to the form asked for.', { exact: false }).waitFor();
    await card.getByText('1 answer,', { exact: false }).waitFor();
    await page.getByRole('button', { name: '1 request left this machine since the start' }).waitFor();
    expect(heard).toHaveLength(1);
  });

  it('that does not answer says what is wrong in a sentence', async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const card = studio.page.getByRole('article', { name: 'mine' });
    await card.getByRole('button', { name: 'Test mine' }).click();
    await card.getByRole('alert').waitFor();
    expect(await card.getByRole('alert').innerText()).toMatch(/[a-z].*\..*\./su);
  });

  it('is removed', async () => {
    const section = studio.page.getByRole('region', { name: 'Connections' });
    await section.getByRole('button', { name: 'Remove mine' }).click();
    await section.getByText('Nothing is connected.', { exact: false }).waitFor();
  });
});

const addConnection = (connection: object): Promise<void> =>
  studio.page.evaluate(async (json) => {
    const headers = { 'content-type': 'application/json' };
    await fetch('/rpc/connections/add', { method: 'POST', headers, body: JSON.stringify({ json }) });
  }, connection);

it('servers that run models are a device of the settings, once a person has agreed', async () => {
  const { page } = studio;
  const servers = await new KserveServer({ graphs: {}, binary: true }).start();
  onTestFinished(() => servers.stop());
  await addConnection({ id: 'rack', kind: 'kserve', address: servers.address });
  await page.getByRole('button', { name: 'Studio', exact: true }).click();
  await page.getByRole('button', { name: 'Settings', exact: true }).click();
  const devices = page.getByRole('radiogroup', { name: 'Run models on' });
  const rack = devices.getByRole('radio', { name: /^rack/ });
  await rack.waitFor();
  expect(await rack.isDisabled()).toBe(true);
  const card = page.getByRole('article', { name: 'rack' });
  await card.getByRole('button', { name: 'Test rack' }).click();
  await card.getByText('triton 2.51.0', { exact: false }).waitFor();
  await rack.check();
  await devices.locator('label').filter({ hasText: 'rack' }).getByText('in use').waitFor();
  await devices.getByRole('radio', { name: /^Choose for me/ }).check();
  await card.getByRole('button', { name: 'Remove rack' }).click();
  await rack.waitFor({ state: 'detached' });
});

it('a tool fills a grid after a yes: a picture is seen in the making, given up, drawn again, saved and opened', async () => {
  // A test that a tool fails, above, is an answer with an error, of which the browser makes a complaint.
  const { length: before } = studio.complaints;
  const { page } = studio;
  const tool = new ComfyuiServer();
  tool.held = 'step';
  const connection = {
    id: 'paints',
    kind: 'comfyui',
    address: await serveHttp(tool.listener, tool.upgrade),
    model: 'small.safetensors',
  };
  await addConnection(connection);
  await page.getByRole('button', { name: 'Studio', exact: true }).click();
  const on = new StudioPage(page);
  await on.words.click();
  await page.keyboard.type('a red fox in snow');
  await page.getByRole('button', { name: 'Transfer', exact: true }).click();

  const tools = page.getByRole('region', { name: 'Who draws' });
  await tools.getByRole('checkbox', { name: 'Tiny Scenes' }).uncheck();
  await tools.getByRole('checkbox', { name: 'paints' }).check();
  await tools.getByRole('button', { name: 'Agree' }).click();
  expect(tool.asked('/prompt', 'POST')).toEqual([]);
  await page.getByRole('button', { name: 'Draw 1 picture' }).click();
  await page.getByRole('img', { name: 'Own text, paints, in the making' }).waitFor();
  await page.getByRole('button', { name: 'Do not draw Own text, paints' }).click();
  await page.getByText('Given up').waitFor();
  tool.go();
  await page.getByRole('button', { name: 'Draw Own text, paints again' }).click();
  const cell = page.getByRole('button', { name: 'Open Own text, paints in the Studio' });
  await cell.waitFor();
  await page.getByText(/alike −?\d/).waitFor();

  const save = async (how: string): Promise<void> => {
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('menuitem', { name: how }).click();
  };
  expect(await studio.saveFile(() => save('As a table (CSV)'))).toContain('a red fox in snow,paints,paints,');
  expect((await studio.saveFile(() => save('As a picture'))).slice(1, 4)).toBe('PNG');
  await cell.click();
  await on.waitForResults(1);
  expect(await on.text()).toBe('a red fox in snow');
  expect(studio.complaints.slice(before)).toEqual([]);
});
