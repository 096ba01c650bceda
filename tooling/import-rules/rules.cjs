/**
 * Imports flow one way. Room order in main/ is import order; shells see studio.ts and the contract; nothing imports a shell.
 * A planted violation in test/unit/tooling/ keeps every rule alive.
 */
const rooms = [
  'running',
  'files',
  'tensor',
  'storage',
  'metadata',
  'image',
  'tokenizer',
  'image-to-text',
  'prompt',
  'language',
  'text-to-image',
  'library',
  'network',
  'downloads',
  'packs',
  'installs',
  'ports',
  'writers',
  'engine',
  'providers',
  'jobs',
  'batches',
  'services',
  'work',
  'likeness',
  'transfers',
  'answers',
];

const roomOrder = rooms.slice(0, -1).map((room, index) => ({
  name: `room-order-${room}`,
  comment: `main/${room}/ imports earlier rooms only`,
  severity: 'error',
  from: { path: `^main/${room}/` },
  to: { path: `^main/(${rooms.slice(index + 1).join('|')})/` },
}));

/**
 * What reaches out of the process, as a module. Types are no way out, so only values count. Where Node's modules serve or speak to
 * another process of the studio, the file is named here with what it may have.
 */
const waysOut = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises', 'inspector', 'undici', 'ws'];
const ownPipes = [
  { file: 'main/shell/server/serve-studio.ts', may: ['http', 'net'], because: 'listens for the page' },
  { file: 'main/shell/electron/host/host-process.ts', may: ['http'], because: 'listens for the desktop program on a socket' },
  { file: 'main/shell/electron/host/forward-request.ts', may: ['http'], because: 'asks the host over its socket' },
  { file: 'main/shell/server/list-addresses.ts', may: ['net'], because: 'tells an address from a name' },
];
const outThere = (names) => `^(node:)?(${names.join('|')})$|^node_modules/(${names.join('|')})/`;
const oneWayOut = [
  {
    name: 'one-way-out',
    comment: 'whatever leaves the machine goes through main/network/, where consent, limits and the report are',
    severity: 'error',
    from: {
      path: '^(contract|main|renderer|preload)/',
      pathNot: ['^main/network/', ...ownPipes.map(({ file }) => `^${file.replaceAll('.', '\\.')}$`)],
    },
    to: { path: outThere(waysOut), dependencyTypesNot: ['type-only'] },
  },
  ...ownPipes.map(({ file, may, because }) => ({
    name: `own-pipe-${file.split('/').at(-1).replace('.ts', '')}`,
    comment: `${file} ${because}; it needs nothing else of the network`,
    severity: 'error',
    from: { path: `^${file.replaceAll('.', '\\.')}$` },
    to: { path: outThere(waysOut.filter((name) => !may.includes(name))), dependencyTypesNot: ['type-only'] },
  })),
  {
    name: 'requests-go-through-the-network',
    comment: 'openRequest, openSocket and GrpcLines ask nobody for consent; Network does',
    severity: 'error',
    from: {
      path: '^main/',
      pathNot: '^main/network/(network|grpc-lines|open-request|open-socket|open-connection|explain-failure)\\.ts$',
    },
    to: {
      path: '^main/network/(grpc-lines|open-request|open-socket|open-connection|connect)\\.ts$',
      dependencyTypesNot: ['type-only'],
    },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', comment: 'a cycle has no first file to read', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contract-imports-nothing',
      comment: 'the contract is types and zod: no input or output, no node, no DOM',
      severity: 'error',
      from: { path: '^contract/' },
      to: { pathNot: ['^contract/', '^node_modules/(zod|@orpc/contract)/'] },
    },
    ...roomOrder,
    {
      name: 'every-file-has-a-room',
      comment: 'main/ shows its rooms in their order and studio.ts; what lies elsewhere has no place in that order',
      severity: 'error',
      from: { path: '^main/', pathNot: `^main/(studio\\.ts$|shell/|(${rooms.join('|')})/)` },
      to: {},
    },
    ...oneWayOut,
    {
      name: 'work-asks-ports',
      comment: 'who reads, draws and compares is behind a port: work runs on any provider',
      severity: 'error',
      from: { path: '^main/(jobs|batches|work|likeness|transfers)/' },
      to: { path: '^main/(engine|providers)/' },
    },
    {
      name: 'rooms-do-not-import-the-studio',
      comment: 'studio.ts is built from the rooms, not the other way round',
      severity: 'error',
      from: { path: `^main/(${rooms.join('|')})/` },
      to: { path: '^main/studio' },
    },
    {
      name: 'nothing-imports-a-shell',
      comment: 'shells are thin hosts; logic that two shells need belongs below them',
      severity: 'error',
      from: { path: '^(contract|main|renderer|preload)/', pathNot: '^main/shell/' },
      to: { path: '^main/shell/' },
    },
    {
      name: 'shells-see-the-studio-and-the-contract',
      comment:
        'a shell that reaches into a room has found something the contract lacks; the desktop program loads running/ and files/ without the core',
      severity: 'error',
      from: { path: '^main/shell/' },
      to: {
        path: `^main/(${rooms.join('|')})/`,
        pathNot: '^main/(files/|running/|image/stream-picture-file\\.ts$)',
      },
    },
    {
      name: 'one-file-touches-onnxruntime',
      comment: 'the session port is the only way to a graph',
      severity: 'error',
      from: { path: '^(contract|main|renderer|preload)/', pathNot: '^main/tensor/onnx-session\\.ts$' },
      to: { path: '^node_modules/onnxruntime' },
    },
    {
      name: 'one-file-touches-the-ai-sdk',
      comment: 'its libraries reach out and read keys by themselves unless they are told otherwise, which is done there',
      severity: 'error',
      from: { path: '^(contract|main|renderer|preload)/', pathNot: '^main/writers/make-model\\.ts$' },
      to: { path: '^node_modules/(ai|@ai-sdk)/' },
    },
    {
      name: 'one-file-touches-electron-updater',
      comment: 'it has a way to the network of its own, which that file takes away and gives to the core',
      severity: 'error',
      from: { path: '^(contract|main|renderer|preload)/', pathNot: '^main/shell/electron/updates/program-updater\\.ts$' },
      to: { path: '^node_modules/(electron-updater|builder-util-runtime)/' },
    },
    {
      name: 'one-folder-touches-sharp',
      comment: 'bytes of pictures reach a decoder in the picture process alone',
      severity: 'error',
      from: { path: '^(contract|main|renderer|preload)/', pathNot: '^main/image/decode/' },
      to: { path: '^node_modules/(sharp|@img)/' },
    },
    {
      name: 'one-file-touches-exifreader',
      comment: 'it reads bytes of strangers, so it runs in the picture process, and it would fetch what it is named as a text',
      severity: 'error',
      from: { path: '^(contract|main|renderer|preload)/', pathNot: '^main/image/decode/read-fields\\.ts$' },
      to: { path: '^node_modules/exifreader/' },
    },
    {
      name: 'decoding-stays-in-the-picture-process',
      comment: 'everything else asks a PictureReader, whose process may hang or die of a picture',
      severity: 'error',
      from: { path: '^(contract|main|renderer|preload)/', pathNot: '^main/image/decode/' },
      to: { path: '^main/image/decode/' },
    },
    {
      name: 'electron-stays-in-its-shell',
      comment: 'the core runs in plain Node; Electron is windows and the operating system',
      severity: 'error',
      from: { pathNot: '^(main/shell/electron|preload|tooling|test)/' },
      to: { path: '^node_modules/electron/' },
    },
    {
      name: 'engine-has-no-database-and-no-network',
      comment: 'the engine process may crash at any time, so it owns nothing that must survive',
      severity: 'error',
      from: { path: '^main/(tensor|image|tokenizer|image-to-text|text-to-image|engine)/' },
      to: { path: '^(node_modules/(better-sqlite3|@orpc)/|(node:)?https?$|(node:)?net$)' },
    },
    {
      name: 'renderer-imports-contract-only',
      comment: 'the page runs in any browser: it knows the contract, never the core',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^(main|preload|tooling|test)/', dependencyTypesNot: ['npm'] },
    },
    {
      name: 'components-never-call-a-transport',
      comment: 'components talk to state; state talks to the client',
      severity: 'error',
      from: { path: '^renderer/(features|ui)/.*\\.svelte$' },
      to: { path: '^renderer/client/' },
    },
    {
      name: 'production-code-imports-no-test',
      severity: 'error',
      from: { path: '^(contract|main|renderer|preload)/' },
      to: { path: '^(test|tooling)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/\\.)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tooling/tsconfig/imports.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'svelte'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.svelte', '.json'],
    },
  },
};
