import { OpenAPIGenerator } from '@orpc/openapi';
import { z } from 'zod';
import { accessKeySchema, keyScopeSchema } from '../../../../contract/access-key.ts';
import { batchSchema } from '../../../../contract/batch.ts';
import { errorBodySchema } from '../../../../contract/errors.ts';
import { jobRequestSchema, jobSchema } from '../../../../contract/job.ts';
import { libraryItemSchema } from '../../../../contract/library.ts';
import { contract } from '../../../../contract/methods.ts';
import { packManifestSchema } from '../../../../contract/pack.ts';
import { promptDocumentSchema } from '../../../../contract/prompt.ts';
import { generateSettingsSchema, recipeSchema } from '../../../../contract/recipe.ts';
import { scopeOfMethod } from '../../../../contract/scope-of-method.ts';
import { describeBytePaths } from './describe-byte-paths.ts';
import { zodConverter } from './zod-converter.ts';

/** What stands in the document once and is named wherever it is meant. */
const named: Readonly<Record<string, z.ZodType>> = {
  AccessKey: accessKeySchema,
  Batch: batchSchema,
  Error: errorBodySchema,
  GenerateSettings: generateSettingsSchema,
  Job: jobSchema,
  JobRequest: jobRequestSchema,
  LibraryItem: libraryItemSchema,
  PackManifest: packManifestSchema,
  PromptDocument: promptDocumentSchema,
  Recipe: recipeSchema,
};

/** As it comes out under its name and, where what may go in differs, as that too. */
const commonSchemas = Object.fromEntries(
  Object.entries(named).flatMap(([name, schema]): [string, { schema: z.ZodType; strategy: 'input' | 'output' }][] => [
    [name, { schema, strategy: 'output' }],
    [`${name}Input`, { schema, strategy: 'input' }],
  ]),
);

const ABOUT = [
  'Everything the page of De-Diffusion Studio can do, over HTTP. Programs show an access key, which a person makes in',
  'Settings → Access keys or with `dediffusion keys create`.',
].join(' ');

const failure = {
  description: 'What went wrong, and what to do next. The status is the one that comes nearest.',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

const operationSchema = z.looseObject({ operationId: z.string(), responses: z.record(z.string(), z.unknown()) });
const generatedSchema = z.looseObject({
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post']), operationSchema)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

/** The named schemas that a part of the document names, and those that they name. */
function findNamed(part: unknown, schemas: Readonly<Record<string, unknown>>, found = new Set<string>()): Set<string> {
  for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
    if (found.has(name)) continue;
    found.add(name);
    findNamed(schemas[name], schemas, found);
  }
  return found;
}

/** Adds to a method of the contract what the contract does not say in the way OpenAPI asks for it. */
function complete(operation: z.infer<typeof operationSchema>): object {
  const path = operation.operationId.split('.');
  const scope = scopeOfMethod(path);
  return {
    ...operation,
    tags: path.slice(0, 1),
    description: scope === 'person' ? 'For the studio’s own page: no access key is enough.' : `Needs the scope \`${scope}\`.`,
    // In the place of the one status that failures have in the contract.
    responses: { 200: operation.responses['200'], default: failure },
  };
}

/**
 * The API as an OpenAPI 3.1 document, made from the contract.
 * @param version of the studio
 */
export async function describeApi(version: string): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [zodConverter] });
  const generated = await generator.generate(contract, {
    info: { title: 'De-Diffusion Studio', version, description: ABOUT, license: { name: 'MIT', identifier: 'MIT' } },
    // From where the document lies.
    servers: [{ url: '../api' }],
    security: [{ accessKey: [] }],
    components: {
      securitySchemes: {
        accessKey: {
          type: 'http',
          scheme: 'bearer',
          description: `An access key. Scopes: ${keyScopeSchema.options.join(', ')}; each includes those before it.`,
        },
      },
    },
    commonSchemas,
    customErrorResponseBodySchema: () => ({ $ref: '#/components/schemas/Error' }),
  });
  const { paths: methods, components, ...document } = generatedSchema.parse(generated);
  const completed = Object.entries(methods).map(([path, operations]): [string, object] => {
    const all = Object.entries(operations).map(([method, operation]): [string, object] => [method, complete(operation)]);
    return [path, Object.fromEntries(all)];
  });
  const paths = { ...describeBytePaths(failure), ...Object.fromEntries(completed) };
  const used = findNamed(paths, components.schemas);
  const schemas = Object.fromEntries(Object.entries(components.schemas).filter(([name]) => used.has(name)));
  return { ...document, paths, components: { ...components, schemas } };
}
