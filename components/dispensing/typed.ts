const separators = /[\s\-‐-―−]/g;

/** Characters of a typed code, separators left out. */
export function typedLength(typed: string): number {
  return typed.replace(separators, '').length;
}

/** Capitals in groups of four, as they are printed, while a person types or pastes. */
export function groupTyped(typed: string): string {
  const plain = typed.replace(separators, '').toUpperCase().slice(0, 40);
  const grouped = plain.match(/.{1,4}/g)?.join('-') ?? '';
  return /[\s-]$/.test(typed) && plain.length > 0 && plain.length % 4 === 0 ? `${grouped}-` : grouped;
}
