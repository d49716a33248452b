import { type NextRequest, NextResponse } from 'next/server';

/** Largest body of any request. A signed proposal with its document stays below half of it. */
const largestBody = 3 * 1024 * 1024;
const tooLarge =
  'That is larger than the portal accepts (3 MB). Nothing was changed; what you entered is still in the form.';

/**
 * Scripts run only with this request's nonce; WebAssembly is for argon2id and the code scanner. Styles may be inline: the
 * positions of menus and charts are set by attribute.
 */
function contentSecurityPolicy(nonce: string, secure: boolean, pathname: string): string {
  const development = process.env.NODE_ENV === 'development';
  const directives = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // Who verifies a token may ask an Ethereum node of their own choice.
    `connect-src 'self'${pathname === '/verify' ? ' https:' : ''}${development ? ' ws:' : ''}`,
    "media-src 'self' blob:",
    // PDFs of a record, decrypted in the page.
    "frame-src 'self' blob:",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ];
  return directives.join('; ');
}

/** Refuses bodies that are too large before anything reads them, and sets the content security policy. */
export function proxy(request: NextRequest): NextResponse {
  const length = Number(request.headers.get('content-length') ?? 0);
  if (length > largestBody) {
    // Plain text is what Next shows as the message of a failed action.
    return new NextResponse(tooLarge, { status: 413, headers: { 'content-type': 'text/plain' } });
  }
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const secure = request.nextUrl.protocol === 'https:' || request.headers.get('x-forwarded-proto') === 'https';
  const policy = contentSecurityPolicy(nonce, secure, request.nextUrl.pathname);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // Next reads the nonce for its own scripts from the policy on the request.
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

/**
 * Pages and their actions. Routes bound what they read themselves, before they keep it (`server/endpoint.ts`), and answer nothing
 * that runs; a request that passes here is copied first, which takes longer than storing it.
 */
export const config = { matcher: [{ source: '/((?!_next/static|_next/image|icon.svg|favicon.ico|api/).*)' }] };
