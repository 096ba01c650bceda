import { z } from 'zod';

/** The ways tools have of writing a prompt: its emphasis, its commands, its parameters. */
export const promptDialectSchema = z.enum(['plain', 'midjourney', 'sdxl', 'a1111', 'comfyui', 'invokeai', 'fooocus']);
export type PromptDialect = z.infer<typeof promptDialectSchema>;
