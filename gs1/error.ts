/** What is wrong with a code or an identifier, in a sentence for a person, and where. */
export class Gs1Error extends Error {
  override readonly name = 'Gs1Error';
  /** Index of the character at fault in the text that was read, from 0; its length where something is missing. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}
