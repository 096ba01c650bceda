import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PageFiles } from '../../../main/shell/electron/window/page-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'page-files-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<h1>one</h1>');
  writeFileSync(join(folder, 'assets', 'a.js'), 'run()');
});
afterEach(() => rmSync(folder, { recursive: true }));

const get = (page: PageFiles, path: string, method = 'GET') => page.serve(new Request(`studio://app${path}`, { method }));

test('serves the built page under its policy', async () => {
  const page = new PageFiles(folder);
  const response = await get(page, '/');
  expect(await response.text()).toBe('<h1>one</h1>');
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect((await get(page, '/assets/a.js')).headers.get('content-type')).toContain('text/javascript');
  expect(await (await get(page, '/assets/a.js', 'HEAD')).text()).toBe('');
});

test('a page that was built again is served anew', async () => {
  const page = new PageFiles(folder);
  await get(page, '/');
  writeFileSync(join(folder, 'assets', 'b.js'), 'more()');
  writeFileSync(join(folder, 'index.html'), '<h1>two</h1>');
  expect(await (await get(page, '/')).text()).toBe('<h1>two</h1>');
  expect(await (await get(page, '/assets/b.js')).text()).toBe('more()');
});

test('reaches no file that the build did not make', async () => {
  const page = new PageFiles(join(folder, 'assets'));
  for (const path of ['/../index.html', '/%2e%2e/index.html', '/..%2findex.html', '//etc/passwd', '/a.js/']) {
    expect((await get(page, path)).status).toBe(404);
  }
  expect((await get(page, '/a.js', 'POST')).status).toBe(405);
});

test('says when there is no page', async () => {
  const response = await get(new PageFiles(join(folder, 'absent')), '/');
  expect(response.status).toBe(404);
  expect(await response.text()).toContain('npm run build');
});
