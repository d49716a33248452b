import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

/** The decoder, from this portal and never from elsewhere. */
prepareZXingModule({ overrides: { locateFile: (path: string) => `/scanner/${path}` } });

/** Text of the first QR or DataMatrix code in a picture; undefined where there is none. Runs in the page. */
export async function readCode(picture: Blob | ImageData, thorough: boolean): Promise<string | undefined> {
  const results = await readBarcodes(picture, {
    formats: ['QRCode', 'DataMatrix'],
    tryHarder: thorough,
    tryInvert: thorough,
    maxNumberOfSymbols: 1,
  });
  return results.find((result) => result.isValid)?.text;
}
