import { maxEpcs } from './event.ts';
import { type Fault, pointerOf } from './fault.ts';

/** What a document may have at most before anybody looks at what it says. */
const limits = { depth: 24, items: maxEpcs, members: 1000, characters: 4096, values: 250_000 };

/** The first part of a document that is larger than anything of the supply chain; undefined where all is within bounds. */
export function boundsFault(document: unknown): Fault | undefined {
  const path: PropertyKey[] = [];
  let values = 0;

  const look = (value: unknown): string | undefined => {
    values += 1;
    if (values > limits.values) return `The document has more than ${limits.values} values.`;
    if (typeof value === 'string') {
      return value.length > limits.characters ? `A text has at most ${limits.characters} characters.` : undefined;
    }
    if (typeof value !== 'object' || value === null) return undefined;
    if (path.length >= limits.depth) return `Values are nested at most ${limits.depth} deep.`;
    const isList = Array.isArray(value);
    const entries = Object.entries(value);
    if (isList && entries.length > limits.items) return `A list has at most ${limits.items} items.`;
    if (!isList && entries.length > limits.members) return `An object has at most ${limits.members} members.`;
    for (const [name, inner] of entries) {
      path.push(name);
      const message = look(inner);
      if (message !== undefined) return message;
      path.pop();
    }
    return undefined;
  };

  const message = look(document);
  return message === undefined ? undefined : { pointer: pointerOf(path), message };
}
