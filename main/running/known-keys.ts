/** The environment of a process, as Node gives it. */
type Environment = Readonly<Record<string, string | undefined>>;

/** `DEDIFFUSION_SECRET_MY_SERVER` is the key `my-server`. */
export const keyVariablePrefix = 'DEDIFFUSION_SECRET_';
/** Where other programs of the model hub keep its token. */
export const hubKeyVariable = 'HF_TOKEN';
/** Shorter ones would blacken ordinary words in the log. */
const shortestHidden = 6;

const isKeyVariable = (name: string): boolean => name.startsWith(keyVariablePrefix) || name === hubKeyVariable;

/** The environment for a process that has no business with keys. */
export function withoutKeys(environment: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isKeyVariable(name)));
}

/** Takes the keys out of an environment, so that nothing started with it has them. */
export function takeKeys(environment: Record<string, string | undefined>): Record<string, string> {
  const taken: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!isKeyVariable(name) || value === undefined) continue;
    taken[name] = value;
    Reflect.deleteProperty(environment, name);
  }
  return taken;
}

/** The keys that an environment holds. */
export function keysIn(environment: Environment): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    isKeyVariable(name) && value !== undefined ? [value.trim()] : [],
  );
}

/** A text without any of the keys, for whatever is written down. */
export function hideKeys(text: string, keys: Iterable<string>): string {
  const values = [...keys].filter((value) => value.length >= shortestHidden);
  // The longest first: one key may begin with another.
  return values.sort((a, b) => b.length - a.length).reduce((hidden, value) => hidden.replaceAll(value, '•••'), text);
}
