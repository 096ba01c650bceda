import { z } from 'zod';
import { parseLooseJson } from '../../metadata/parse-loose-json.ts';
import type { Written } from '../../ports/writer.ts';

/** What came back, in whichever form. */
export interface GoogleDrawn {
  /** In base64; null where there is none. */
  readonly image: string | null;
  /** Why there is none, in the service's words; empty where it says nothing. */
  readonly held: string;
  readonly usage: Written['usage'];
}

/** How a picture is asked for, and what is answered. */
export interface GoogleForm {
  /** Behind the name of the model. */
  readonly method: string;
  compose(prompt: string, ratio: string): Readonly<Record<string, unknown>>;
  readonly answer: z.ZodType<GoogleDrawn>;
}

const partSchema = z.looseObject({
  inlineData: z.looseObject({ data: z.string() }).optional().catch(undefined),
  text: z.string().optional().catch(undefined),
  /** Of a picture that was drawn on the way to the last one. */
  thought: z.boolean().optional().catch(undefined),
});
const geminiSchema = z
  .looseObject({
    candidates: z
      .array(
        z.looseObject({
          content: z
            .looseObject({ parts: z.array(partSchema).catch([]) })
            .optional()
            .catch(undefined),
          finishReason: z.string().optional().catch(undefined),
          finishMessage: z.string().optional().catch(undefined),
        }),
      )
      .optional(),
    promptFeedback: z.looseObject({ blockReason: z.string().optional().catch(undefined) }).optional(),
    usageMetadata: z
      .looseObject({ promptTokenCount: z.number().int().nonnegative(), candidatesTokenCount: z.number().int().nonnegative() })
      .nullish()
      .catch(null),
  })
  .refine(({ candidates, promptFeedback }) => candidates !== undefined || promptFeedback !== undefined, 'no answer of Gemini')
  .transform(({ candidates = [], promptFeedback, usageMetadata }): GoogleDrawn => {
    const [first] = candidates;
    const parts = (first?.content?.parts ?? []).filter(({ thought }) => thought !== true);
    const said = parts
      .map(({ text }) => text ?? '')
      .join(' ')
      .trim();
    const reason = first?.finishReason === 'STOP' ? '' : (first?.finishReason ?? promptFeedback?.blockReason ?? '');
    return {
      image: parts.find(({ inlineData }) => inlineData !== undefined)?.inlineData?.data ?? null,
      held: first?.finishMessage ?? (said === '' ? reason : said),
      usage:
        usageMetadata == null
          ? null
          : { inputTokens: usageMetadata.promptTokenCount, outputTokens: usageMetadata.candidatesTokenCount },
    };
  });

const imagenSchema = z
  .looseObject({
    predictions: z
      .array(
        z.looseObject({
          bytesBase64Encoded: z.string().optional().catch(undefined),
          raiFilteredReason: z.string().optional().catch(undefined),
        }),
      )
      // Everything was filtered, without a word.
      .default([]),
  })
  .transform(({ predictions: [first] }): GoogleDrawn => ({
    image: first?.bytesBase64Encoded ?? null,
    held: first === undefined ? 'its filter let no picture through.' : (first.raiFilteredReason ?? ''),
    usage: null,
  }));

/**
 * The two forms in which Google's API for Gemini draws, as its reference describes them: models that answer with parts, one of which is a
 * picture, and models of Imagen, which are asked to predict.
 */
export const googleForms = {
  gemini: {
    method: 'generateContent',
    compose: (prompt, aspectRatio) => ({
      contents: [{ role: 'user', parts: [{ text: prompt }] }],
      generationConfig: { responseModalities: ['IMAGE'], imageConfig: { aspectRatio } },
    }),
    answer: geminiSchema,
  },
  imagen: {
    method: 'predict',
    compose: (prompt, aspectRatio) => ({ instances: [{ prompt }], parameters: { sampleCount: 1, aspectRatio } }),
    answer: imagenSchema,
  },
} as const satisfies Record<string, GoogleForm>;

const refusedSchema = z.looseObject({
  error: z.looseObject({ message: z.string().catch(''), status: z.string().catch('') }),
});

/** What it says instead of drawing. A key that it does not know is a bad request there, not a matter of 401. */
export function readGoogleRefusal(text: string): { readonly said: string; readonly isOfKey: boolean } {
  const parsed = refusedSchema.safeParse(parseLooseJson(text));
  if (!parsed.success) return { said: text.includes('<') ? '' : text, isOfKey: false };
  const { message, status } = parsed.data.error;
  const isOfKey = ['UNAUTHENTICATED', 'PERMISSION_DENIED'].includes(status) || /api key (not valid|expired)/iu.test(message);
  return { said: message, isOfKey };
}
