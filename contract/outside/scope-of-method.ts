import type { Scope } from './access-key.ts';
import { builtInWriter } from '../texts/blend.ts';
import type { JobRequest } from '../job.ts';
import type { StudioContract } from '../methods.ts';

type ScopeTable = {
  readonly [Group in keyof StudioContract]: { readonly [Method in keyof StudioContract[Group]]: Scope };
};

/** What a caller must hold for each method. What reaches folders, other machines or settings is `admin`; what is a person's yes is `person`. */
const table: ScopeTable = {
  studio: {
    info: 'read',
    events: 'read',
    restartEngine: 'admin',
    unload: 'admin',
    probeDevices: 'admin',
    storage: 'read',
  },
  settings: { get: 'read', update: 'admin' },
  network: { report: 'read', allow: 'person', revoke: 'admin' },
  updates: { read: 'person', bring: 'person' },
  deviceParts: { get: 'read', bring: 'person', remove: 'admin' },
  accessKeys: { list: 'person', create: 'person', revoke: 'person' },
  packs: {
    list: 'read',
    info: 'read',
    abilities: 'read',
    memory: 'read',
    graphs: 'read',
    verify: 'read',
    check: 'read',
    overview: 'read',
    catalogue: 'read',
    hub: 'read',
    plan: 'admin',
    keptInstalls: 'read',
    discardInstall: 'admin',
    remove: 'admin',
    move: 'admin',
    exportTriton: 'admin',
    measurements: 'read',
  },
  images: { addSample: 'draw', addFromAddress: 'admin', info: 'read', maskOfRegion: 'draw', metadata: 'read' },
  prompts: {
    create: 'read',
    read: 'read',
    readAs: 'read',
    edit: 'read',
    inspect: 'read',
    export: 'read',
    compare: 'read',
    save: 'draw',
  },
  language: {
    ...{
      blend: 'draw',
      blendSeveral: 'draw',
      mix: 'read',
      check: 'read',
      hints: 'read',
      groups: 'read',
      polish: 'draw',
      ask: 'draw',
    },
  },
  matrices: { get: 'read', write: 'read', sheet: 'draw' },
  evaluation: { answers: 'read', pictures: 'draw' },
  connections: { list: 'read', add: 'admin', remove: 'admin', test: 'admin', abilities: 'admin', discover: 'admin' },
  templates: { list: 'read', save: 'admin', remove: 'admin' },
  /** An `install` job needs `admin`: see `scopeOfJob`. */
  jobs: { submit: 'draw', list: 'read', get: 'read', cancel: 'draw', retry: 'draw', clear: 'draw' },
  batches: {
    list: 'read',
    get: 'read',
    create: 'draw',
    update: 'draw',
    add: 'draw',
    rows: 'read',
    pause: 'draw',
    resume: 'draw',
    cancel: 'draw',
    retry: 'draw',
    reorder: 'draw',
    reorderRows: 'draw',
    removeRows: 'draw',
    remove: 'draw',
    collect: 'draw',
    export: 'read',
  },
  /** What connected tools draw needs `admin`: the methods look themselves. */
  transfers: {
    list: 'read',
    get: 'read',
    create: 'draw',
    cancel: 'draw',
    retry: 'draw',
    takeDrawn: 'draw',
    remove: 'draw',
    export: 'read',
    sheet: 'draw',
  },
  library: {
    query: 'read',
    get: 'read',
    lineage: 'read',
    update: 'draw',
    rows: 'read',
    ids: 'read',
    members: 'read',
    similar: 'read',
    overview: 'read',
    updateMany: 'draw',
    deleteForGood: 'admin',
    emptyTrash: 'admin',
    createBoard: 'draw',
    updateBoard: 'draw',
    takeDrawn: 'draw',
    rebuild: 'admin',
  },
};

const scopes: ReadonlyMap<string, Scope> = new Map(
  Object.entries(table).flatMap(([group, methods]) =>
    Object.entries(methods).map(([method, scope]) => [`${group}.${method}`, scope] as const),
  ),
);

/** What a caller must hold for a method, by its place in the contract, such as `['jobs', 'get']`. */
export function scopeOfMethod(path: readonly string[]): Scope {
  const scope = scopes.get(path.join('.'));
  if (scope === undefined) throw new Error(`no scope is named for ${path.join('.')}`);
  return scope;
}

/**
 * The same for a job, whichever method begins it. What a connected tool draws and a language model writes may cost, so it takes more than
 * drawing here.
 */
export function scopeOfJob(request: JobRequest): Scope {
  if (request.kind === 'matrix') return scopeOfWriter(request.writer ?? builtInWriter);
  const isRemote = request.kind === 'generate' && request.connectionId !== undefined;
  return request.kind === 'install' || isRemote ? 'admin' : 'draw';
}

/** The same for a text that a writer is asked for. */
export function scopeOfWriter(writer: string): Scope {
  return writer === builtInWriter ? 'draw' : 'admin';
}
