import { defineConfig } from 'eslint/config';
import svelte from 'eslint-plugin-svelte';
import typescript from 'typescript-eslint';

const oneWayOut = 'Whatever leaves the machine goes through main/network/, where consent, limits and the report are.';
/** What reaches out without an import: as globals, as parts of something, and out of Node's own drawer. */
const globalWaysOut = [
  'fetch',
  'WebSocket',
  'WebSocketStream',
  'EventSource',
  'XMLHttpRequest',
  'WebTransport',
  'RTCPeerConnection',
  'importScripts',
];
const named = `/^(${[...globalWaysOut, 'sendBeacon', 'getBuiltinModule', 'createRequire'].join('|')})$/`;
const syntaxWaysOut = [
  `MemberExpression > Identifier.property[name=${named}]`,
  `MemberExpression > Literal.property[value=${named}]`,
  `ObjectPattern > Property > Identifier.key[name=${named}]`,
  `ImportSpecifier > Identifier.imported[name=${named}]`,
];
const noWayOut = {
  'no-restricted-globals': ['error', ...globalWaysOut.map((name) => ({ name, message: oneWayOut }))],
  'no-restricted-syntax': ['error', ...syntaxWaysOut.map((selector) => ({ selector, message: oneWayOut }))],
};

/** Rules of docs/conventions: no any, no non-null, no unhandled promise, no stray console, exhaustive switches. */
export default defineConfig(
  { ignores: ['dist/**', 'node_modules/**', 'models/**', 'test/fixtures/**', '**/*.cjs', 'main/shell/cli/*.mjs'] },
  {
    files: ['**/*.ts'],
    extends: [typescript.configs.strictTypeChecked, typescript.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: [
          './tooling/tsconfig/contract.json',
          './tooling/tsconfig/main.json',
          './tooling/tsconfig/desktop.json',
          './tooling/tsconfig/preload.json',
          './tooling/tsconfig/tooling.json',
          './tooling/tsconfig/renderer.json',
        ],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'no-console': 'error',
      'no-empty': 'error',
      'max-lines': ['error', { max: 260, skipBlankLines: true, skipComments: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
    },
  },
  {
    files: ['renderer/**/*.svelte'],
    extends: [svelte.configs.recommended],
    languageOptions: { parserOptions: { parser: typescript.parser } },
    rules: { 'no-console': 'error', 'max-lines': ['error', { max: 260, skipBlankLines: true, skipComments: true }] },
  },
  {
    // dependency-cruiser does not see `import type` inside .svelte files, so the renderer's border is guarded here as well.
    files: ['renderer/**/*.{ts,svelte}'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '(^|/)(main|preload|tooling|test)/', message: 'The page knows the contract, never the core.' },
            { regex: '^node:', message: 'The page runs in any browser.' },
          ],
        },
      ],
    },
  },
  {
    files: ['contract/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^(?!\\./|\\.\\./([a-z]+/)?[a-z0-9-]+\\.ts$|zod$|@orpc/contract$)',
              message: 'The contract is types and zod.',
            },
          ],
        },
      ],
    },
  },
  { files: ['{contract,main,renderer,preload}/**/*.{ts,svelte}'], rules: noWayOut },
  {
    // The page asks the studio it came from, and nobody else: its content security policy knows no other.
    files: ['renderer/client/{upload-image,read-reading,read-notices}.ts', 'renderer/desktop/browser-tab.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...globalWaysOut.filter((name) => name !== 'fetch').map((name) => ({ name, message: oneWayOut })),
      ],
    },
  },
  {
    files: ['main/shell/electron/**/*.ts', 'preload/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: 'electron', importNames: ['net'], message: oneWayOut }] }],
    },
  },
  {
    // What must be whole goes through write-whole.ts; what is moved, through rename-patiently.ts. Its own rule name, so that no other border's list replaces this one.
    files: ['main/**/*.ts'],
    // What the picture process writes is a file that the host has named and renames when it is whole.
    ignores: ['main/files/write-whole.ts', 'main/files/rename-patiently.ts', 'main/image/decode/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: ['node:fs', 'node:fs/promises', 'fs', 'fs/promises'].map((name) => ({
            name,
            importNames: ['writeFile', 'writeFileSync', 'rename', 'renameSync', 'createWriteStream', 'promises', 'default'],
            message: 'Write with write-whole.ts and rename with rename-patiently.ts.',
          })),
        },
      ],
    },
  },
  {
    // The command line and the scripts write to the terminal; that is their job.
    files: ['tooling/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
);
