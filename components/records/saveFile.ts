/** Gives the person a file that was made in this browser. */
export function saveFile(name: string, type: string, parts: BlobPart[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Revoked at once, a browser that asks the person where to save could lose it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
