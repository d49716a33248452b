import type { SheetFonts } from './fonts.ts';

/** The typefaces, from this portal and never from elsewhere. */
export async function loadFonts(): Promise<SheetFonts> {
  const load = async (url: URL) => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  const [regular, regularMore, bold, boldMore, mono] = await Promise.all([
    load(
      new URL(
        '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-400-normal.woff',
        import.meta.url,
      ),
    ),
    load(
      new URL(
        '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-400-normal.woff',
        import.meta.url,
      ),
    ),
    load(
      new URL(
        '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-700-normal.woff',
        import.meta.url,
      ),
    ),
    load(
      new URL(
        '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-700-normal.woff',
        import.meta.url,
      ),
    ),
    load(
      new URL(
        '@fontsource/atkinson-hyperlegible-mono/files/atkinson-hyperlegible-mono-latin-400-normal.woff',
        import.meta.url,
      ),
    ),
  ]);
  return { regular: [regular, regularMore], bold: [bold, boldMore], mono: [mono] };
}
