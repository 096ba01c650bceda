import { z } from 'zod';

/** What the studio writes into an artist's own graph: `picture` is the name of a picture to start from, `strength` how much of it is drawn anew. */
export const workflowMarkSchema = z.enum([
  ...(['prompt', 'negative', 'seed', 'width', 'height', 'steps', 'guidance', 'picture', 'strength'] as const),
]);
export type WorkflowMark = z.infer<typeof workflowMarkSchema>;

/** An input of a node, by the node's number and the input's name. */
export const markedInputSchema = z.object({
  node: z.string().trim().min(1).max(100),
  input: z.string().trim().min(1).max(200),
});
export type MarkedInput = z.infer<typeof markedInputSchema>;

export const workflowMarksSchema = z.partialRecord(workflowMarkSchema, z.array(markedInputSchema).max(16));
export type WorkflowMarks = z.infer<typeof workflowMarksSchema>;

/** An artist's own ComfyUI graph. */
export const workflowSchema = z.object({
  /** The text of the file, as ComfyUI exports it: for its API, or as its page keeps it. */
  text: z.string().min(2).max(1_000_000),
  /** What a person marked. A mark that is not there is found by how the nodes hang together; an empty one is not written at all. */
  marks: workflowMarksSchema.default({}),
});
export type Workflow = z.infer<typeof workflowSchema>;

/** Marks as a person writes them, such as `prompt=6.text seed=3.seed`; `negative=` leaves it as it is. */
export function writeMarks(marks: WorkflowMarks): string {
  return workflowMarkSchema.options
    .flatMap((mark) => {
      const places = marks[mark];
      if (places === undefined) return [];
      return [`${mark}=${places.map(({ node, input }) => `${node}.${input}`).join('+')}`];
    })
    .join(' ');
}

/** Reads what writeMarks writes, with spaces or commas between; null for anything else. */
export function readMarks(text: string): WorkflowMarks | null {
  const marks: WorkflowMarks = {};
  for (const part of text.split(/[\s,]+/u).filter((one) => one !== '')) {
    const [, name, places] = /^([a-z]+)=(.*)$/u.exec(part) ?? [];
    const mark = workflowMarkSchema.safeParse(name);
    if (!mark.success || places === undefined) return null;
    const read = places === '' ? [] : places.split('+').map((place) => /^([^.]+)\.(.+)$/u.exec(place));
    const found = read.flatMap((place) => (place === null ? [] : [{ node: place[1], input: place[2] }]));
    const checked = z.array(markedInputSchema).safeParse(found);
    if (!checked.success || found.length !== read.length) return null;
    marks[mark.data] = checked.data;
  }
  return marks;
}
