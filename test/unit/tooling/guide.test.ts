import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { CommanderError } from 'commander';
import { createProgram } from '../../../main/shell/cli/create-program.ts';
import { readGuide } from '../../../tooling/guide/read-guide.ts';

const folder = resolve(import.meta.dirname, '../../../docs/guide');
const contents = join(folder, 'README.md');
const files = readdirSync(folder).filter((name) => name.endsWith('.md'));

/** Reads a manual of one page, `page.md`. */
function readPage(text: string) {
  const planted = mkdtempSync(join(tmpdir(), 'dediffusion-guide-'));
  onTestFinished(() => rmSync(planted, { recursive: true, force: true }));
  writeFileSync(join(planted, 'README.md'), '# Manual\n\n1. [Page](page.md)\n');
  writeFileSync(join(planted, 'page.md'), text);
  return readGuide(join(planted, 'README.md'));
}

it('the manual lists every page there is, and every page can be shown', async () => {
  const { pages } = await readGuide(contents);
  expect(pages.map(({ name }) => `${name}.md`).toSorted()).toEqual(files.filter((name) => name !== 'README.md').toSorted());
  for (const { title, blocks } of pages) {
    expect(title).not.toBe('');
    expect(blocks.length).toBeGreaterThan(2);
  }
});

it('the manual shows no picture that is not there, and leaves none lying', async () => {
  const { pictures } = await readGuide(contents);
  const shown = [...pictures.values()].toSorted();
  expect(shown).toEqual(
    readdirSync(join(folder, 'pictures'))
      .map((name) => join(folder, 'pictures', name))
      .toSorted(),
  );
});

it.each(files)('links of %s lead to what is there', (file) => {
  const path = join(folder, file);
  const addresses = [...readFileSync(path, 'utf8').matchAll(/\]\((?![a-z]+:)([^)#]+)/g)].map(([, address = '']) => address);
  const lost = addresses.filter((address) => !existsSync(join(dirname(path), address)));
  expect(lost).toEqual([]);
});

/** Commands of every block of code, as words; those with what only a shell understands are left to the pages' own tests. */
function listCommands(text: string): readonly (readonly string[])[] {
  const blocks = [...text.matchAll(/^```\w*\n(.*?)^```$/gms)].map(([, block = '']) => block);
  return blocks.flatMap((block) =>
    block
      .split('\n')
      .filter((line) => line.startsWith('dediffusion ') && !/[<>|$]/.test(line))
      .map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare).slice(1)),
  );
}

/** What the command line says against a command; null where it would run it. */
function findFault(words: readonly string[]): string | null {
  const chosen: unknown[] = [];
  const program = createProgram(
    (command) => void chosen.push(command),
    () => undefined,
  );
  const quiet = (command: typeof program): void => {
    command.configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    for (const child of command.commands) quiet(child);
  };
  quiet(program);
  try {
    program.parse([...words], { from: 'user' });
    return chosen.length === 1 ? null : 'nothing would run';
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return null;
    return error instanceof Error ? error.message : String(error);
  }
}

it.each(files)('the command line knows every command of %s', (file) => {
  const faults = listCommands(readFileSync(join(folder, file), 'utf8')).map((words) => ({ words, fault: findFault(words) }));
  expect(faults.filter(({ fault }) => fault !== null)).toEqual([]);
});

it('a command or an option that the command line does not know is found', () => {
  expect(listCommands('```\ndediffusion encode "my scene.png" --length 15\n```\n')).toEqual([
    ['encode', 'my scene.png', '--length', '15'],
  ]);
  expect(findFault(['encode', 'my scene.png', '--lenght', '15'])).toMatch('--lenght');
  expect(findFault(['paint'])).toMatch('paint');
});

it('a page becomes blocks, with links within the manual and out of it', async () => {
  const { pages, pictures } = await readPage(
    '# A page\n\nSee **this** `code`, [itself](page.md#a), [another](../more.md).\n\n## Next\n\n1. one\n2. two\n\n![About](pictures/a.webp)\n\n```sh\nls\n```\n\n| a |\n| - |\n| b |\n',
  );
  expect(pages).toEqual([
    {
      name: 'page',
      title: 'A page',
      blocks: [
        {
          kind: 'paragraph',
          texts: [
            { kind: 'plain', text: 'See ' },
            { kind: 'strong', text: 'this' },
            { kind: 'plain', text: ' ' },
            { kind: 'code', text: 'code' },
            { kind: 'plain', text: ', ' },
            { kind: 'page', text: 'itself', page: 'page' },
            { kind: 'plain', text: ', ' },
            { kind: 'outside', text: 'another', address: 'docs/more.md' },
            { kind: 'plain', text: '.' },
          ],
        },
        { kind: 'heading', depth: 2, texts: [{ kind: 'plain', text: 'Next' }] },
        { kind: 'list', ordered: true, items: [[{ kind: 'plain', text: 'one' }], [{ kind: 'plain', text: 'two' }]] },
        { kind: 'picture', address: 'guide/a.webp', about: 'About' },
        { kind: 'code', text: 'ls' },
        { kind: 'table', head: [[{ kind: 'plain', text: 'a' }]], rows: [[[{ kind: 'plain', text: 'b' }]]] },
      ],
    },
  ]);
  expect([...pictures.keys()]).toEqual(['guide/a.webp']);
});

it.each([
  ['no title', /page\.md: line 1: a page begins with its title/],
  ['# Title\n\n<script>alert(1)</script>\n', /line 3: .*"html"/],
  ['# Title\n\n- one\n  - within\n', /line 4: .*"list"/],
  ['# Title\n\n**[in bold](page.md)** [![a](b.png)](c.md)\n', /"image"|"strong"|"link"/],
])('what cannot be shown is named with its line: %j', async (text, message) => {
  await expect(readPage(text)).rejects.toThrow(message);
});
