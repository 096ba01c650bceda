import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** What a server of a language model was asked, as far as tests look at it. */
export interface HeardRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString('utf8');
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

export const startStream = (response: ServerResponse): void =>
  void response.writeHead(200, { 'content-type': 'text/event-stream' });

/** One event of a chat stream as llama.cpp, Ollama and OpenAI write it. */
export const chatChunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

export const chatEnd = (finish = 'stop'): string =>
  `${chatChunk({}, finish)}data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: 90, completion_tokens: 12, total_tokens: 102 } })}\n\ndata: [DONE]\n\n`;

/** A whole answer, a few letters a piece. */
export function writeChat(response: ServerResponse, text: string): void {
  startStream(response);
  response.write(chatChunk({ role: 'assistant', content: null }));
  for (const piece of text.match(/[\s\S]{1,9}/gu) ?? []) response.write(chatChunk({ content: piece }));
  response.end(chatEnd());
}

/** Answers every request with `answer`, which is told its number from 0 on, and remembers what it was asked. */
export function modelServer(answer: (response: ServerResponse, number: number, heard: HeardRequest) => void): {
  listener: RequestListener;
  heard: HeardRequest[];
} {
  const heard: HeardRequest[] = [];
  const listener: RequestListener = (request, response) => {
    void readBody(request).then((body) => {
      const one = { path: request.url ?? '', headers: request.headers, body };
      heard.push(one);
      answer(response, heard.length - 1, one);
    });
  };
  return { listener, heard };
}
