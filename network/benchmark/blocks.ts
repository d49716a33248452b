/** A part of a document that a command writes, between two comments that name it. */
const opening = (name: string) => `<!-- ${name}: written by npm run bench:report -->`;
const closing = (name: string) => `<!-- end of ${name} -->`;

/** Puts a text into the document's part of that name. Throws where the document has no such part, or has it twice. */
export function fillBlock(document: string, name: string, text: string): string {
  const [before, rest, again] = document.split(opening(name));
  const [, after, more] = (rest ?? '').split(closing(name));
  if (before === undefined || rest === undefined || after === undefined || again !== undefined || more !== undefined)
    throw new Error(`The document has no part "${name}", or has it more than once.`);
  return `${before}${opening(name)}\n\n${text.trim()}\n\n${closing(name)}${after}`;
}
