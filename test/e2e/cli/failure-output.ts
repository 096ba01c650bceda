import { z } from 'zod';
import { errorBodySchema } from '../../../contract/errors.ts';

/** What every command prints with `--json` when it failed as a whole. */
export const failureOutputSchema = z.strictObject({ error: errorBodySchema });
