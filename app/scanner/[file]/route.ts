import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const served = 'zxing_reader.wasm';

/** The bar code decoder's WebAssembly, from our own origin. Only this one file. */
export async function GET(_request: Request, { params }: { params: Promise<{ file: string }> }): Promise<Response> {
  if ((await params).file !== served) return new Response(null, { status: 404 });
  const bytes = await readFile(join(process.cwd(), 'node_modules/zxing-wasm/dist/reader', served));
  return new Response(new Uint8Array(bytes), {
    headers: { 'content-type': 'application/wasm', 'cache-control': 'public, max-age=86400' },
  });
}
