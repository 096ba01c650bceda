import type { ConditionalSchemaConverter, JSONSchema } from '@orpc/openapi';
import { z } from 'zod';

/** zod's own JSON Schema for oRPC's generator. A schema that has a name in the document is named wherever it stands. */
export const zodConverter: ConditionalSchemaConverter = {
  condition: (schema) => schema instanceof z.ZodType,
  convert: (schema, { strategy, components = [], minStructureDepthForRef = 0 }) => {
    if (!(schema instanceof z.ZodType)) return [false, {}];
    const json = z.toJSONSchema(schema, {
      io: strategy,
      unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema, path }) => {
        // A later studio may say more; programs of today shall go on reading it.
        if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
        if (path.length < minStructureDepthForRef) return;
        const named = components.find((one) => one.schema === zodSchema && one.allowedStrategies.includes(strategy));
        if (named === undefined) return;
        for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
        jsonSchema.$ref = named.ref;
      },
    });
    const plain = JSON.parse(JSON.stringify(json)) as Exclude<JSONSchema, boolean>;
    // Which draft it is, the document says for all.
    delete plain.$schema;
    return [!schema.safeParse(undefined).success, plain];
  },
};
