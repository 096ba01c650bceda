import { readFile } from 'node:fs/promises';
import { listPageFiles } from '../../server/list-page-files.ts';
import type { PageFile } from '../../server/list-page-files.ts';
import { setSecurityHeaders } from '../../server/security-headers.ts';

function answer(status: number, kind: 'page' | 'data', body: BodyInit | null, extra: Readonly<Record<string, string>>): Response {
  const headers = new Headers(extra);
  setSecurityHeaders({ setHeader: (name, value) => headers.set(name, value) }, kind);
  return new Response(body, { status, headers });
}

/**
 * The built page, read from the program's own folder rather than asked of the host: the window fills at once,
 * and a reload works while the host is down.
 */
export class PageFiles {
  readonly #folder: string;
  #files: ReadonlyMap<string, PageFile> = new Map();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async serve(request: Request): Promise<Response> {
    const text = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, 'data', 'Only GET is possible here.', text);
    const { pathname } = new URL(request.url);
    // Listed again with every load of the page, because a build may have replaced it under a running program.
    if (pathname === '/' || this.#files.size === 0) this.#files = await listPageFiles(this.#folder);
    const file = this.#files.get(pathname);
    if (file === undefined) {
      const reason =
        this.#files.size === 0 ? 'The page has not been built: run "npm run build".' : 'There is nothing at this address.';
      return answer(404, 'data', reason, text);
    }
    const bytes = await readFile(file.path);
    return answer(200, 'page', request.method === 'HEAD' ? null : bytes, {
      'content-type': file.mediaType,
      'content-length': String(bytes.byteLength),
      'cache-control': 'no-cache',
    });
  }
}
