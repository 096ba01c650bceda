import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { deepLinkSchema } from '../../../contract/desktop.ts';
import { deepLinkScheme, parseDeepLink } from './parse-deep-link.ts';

/** What a start of the program was given to open. Also travels from a second start to the first. */
export const launchSchema = z.object({ paths: z.array(z.string()), links: z.array(deepLinkSchema) });
export type Launch = z.infer<typeof launchSchema>;

function toPath(argument: string, workingFolder: string): string | null {
  if (!argument.startsWith('file:')) return resolve(workingFolder, argument);
  try {
    return fileURLToPath(argument);
  } catch {
    // A file address of another machine has no path here, and the desktop offered it, not a person.
    return null;
  }
}

/** Reads the arguments after the program's own name. Switches are Chromium's and Electron's and are left alone. */
export function parseLaunch(arguments_: readonly string[], workingFolder: string): Launch {
  const launch: Launch = { paths: [], links: [] };
  for (const argument of arguments_) {
    if (argument === '' || argument.startsWith('-')) continue;
    if (argument.startsWith(`${deepLinkScheme}:`)) {
      const link = parseDeepLink(argument);
      if (link !== null) launch.links.push(link);
      continue;
    }
    const path = toPath(argument, workingFolder);
    if (path !== null) launch.paths.push(path);
  }
  return launch;
}
