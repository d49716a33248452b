import { prepareZXingModule, type ReadResult, readBarcodes } from 'zxing-wasm/reader';

/** The decoder, from this portal and never from elsewhere. */
const overrides = { locateFile: (path: string) => `/scanner/${path}` };
prepareZXingModule({ overrides });

/** Loads the decoder now, so that it is here when it is needed. */
export const readyReader = (): Promise<unknown> => prepareZXingModule({ overrides, fireImmediately: true });

/**
 * Text of the first QR code, DataMatrix or Code 128 in a picture; undefined where there is none. A code of GS1 begins with its
 * symbology identifier, as what a hand scanner sends does, and keeps its group separators. Runs in the page.
 */
export async function readCode(picture: Blob | ImageData, thorough: boolean): Promise<string | undefined> {
  const results = await readBarcodes(picture, {
    formats: ['QRCode', 'DataMatrix', 'Code128'],
    textMode: 'Plain',
    tryHarder: thorough,
    tryInvert: thorough,
    maxNumberOfSymbols: 1,
  });
  const found = results.find(({ isValid }) => isValid);
  return found && textOf(found);
}

const textOf = ({ contentType, symbologyIdentifier, text }: ReadResult) =>
  contentType === 'GS1' ? `${symbologyIdentifier}${text}` : text;
