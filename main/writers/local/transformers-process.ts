import { join } from 'node:path';
import { readPackText } from '../../storage/read-pack-text.ts';
import { loadTransformers, modelOptions } from '../../tensor/load-transformers.ts';
import { openOnnxSession } from '../../tensor/onnx-session.ts';
import { answerOnce } from './answer-once.ts';
import type { Send } from './answer-once.ts';
import { transformersOrderSchema } from './local-orders.ts';
import type { TransformersOrder } from './local-orders.ts';

/**
 * The process of a small language model of transformers.js: it loads the model, writes one answer, the likeliest word at every place, and ends.
 * What a model does to it ends here, and whoever cancels ends it. Started by local-writer.ts.
 */

async function write(order: TransformersOrder, send: Send): Promise<void> {
  const { folder, graphs, threads, contextTokens, answerTokens, system, messages } = order;
  const library = await loadTransformers();
  const tokenizer = await library.AutoTokenizer.from_pretrained(folder);
  const options = modelOptions(graphs, (path) => openOnnxSession(path, { device: 'cpu', threads }));
  const model = await library.AutoModelForCausalLM.from_pretrained(folder, options);
  const talk = [{ role: 'system', content: system }, ...messages.map(({ role, text }) => ({ role, content: text }))];
  // Newer repositories keep it in a file of its own, which the library reads for processors alone.
  const template = await readPackText(join(folder, 'chat_template.jinja'));
  const inputs = tokenizer.apply_chat_template(talk, {
    ...{ add_generation_prompt: true, return_dict: true },
    ...(template === null ? {} : { chat_template: template }),
  }) as {
    readonly input_ids: { readonly dims: readonly number[] };
  };
  const inputTokens = inputs.input_ids.dims[1] ?? 0;
  const room = Math.min(answerTokens, contextTokens - inputTokens);
  if (room < 1) throw new RangeError(`the question has ${inputTokens} tokens, and the model reads ${contextTokens} at once`);
  let text = '';
  const streamer = new library.TextStreamer(tokenizer, {
    skip_prompt: true,
    skip_special_tokens: true,
    callback_function: (piece: string) => {
      text += piece;
      void send({ type: 'piece', text: piece });
    },
  });
  const asked = { ...inputs, max_new_tokens: room, do_sample: false, num_beams: 1, streamer };
  const written = (await model.generate(asked)) as { readonly dims: readonly number[] };
  const outputTokens = (written.dims[1] ?? inputTokens) - inputTokens;
  await send({ type: 'done', text, isWhole: outputTokens < room, inputTokens, outputTokens });
}

answerOnce(transformersOrderSchema, write);
