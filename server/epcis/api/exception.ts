import { type AppError, asAppError, httpStatus } from '#server/errors.ts';

/** Exceptions of EPCIS 2.0 (section 12.3 and the published OpenAPI) that are told here, with title and HTTP status. */
export const exceptions = {
  ValidationException: { status: 400, title: 'The document or event is not valid' },
  QueryParameterException: { status: 400, title: 'A query parameter is not valid' },
  SecurityException: { status: 401, title: 'The request is not authorised' },
  NoSuchResourceException: { status: 404, title: 'There is no such resource' },
  NoSuchNameException: { status: 404, title: 'There is no query of this name' },
  NotAcceptableException: { status: 406, title: 'What is asked for cannot be answered' },
  ResourceAlreadyExistsException: { status: 409, title: 'The resource exists already' },
  CaptureLimitExceededException: { status: 413, title: 'The document is too large' },
  QueryTooLargeException: { status: 413, title: 'The query has too many results' },
  QueryTooComplexException: { status: 413, title: 'The query is too complex' },
  URITooLongException: { status: 414, title: 'The address is too long' },
  UnsupportedMediaTypeException: { status: 415, title: 'The media type is not supported' },
  ImplementationException: { status: 500, title: 'The request could not be answered' },
} as const;
export type ExceptionName = keyof typeof exceptions;

/** What is wrong at one place of a document. */
export interface Fault {
  /** JSON pointer (RFC 6901) into the document. */
  pointer: string;
  detail: string;
}

/** Problem details (RFC 9457) as they leave the server. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Of a document: each fault with its place, at most 100. */
  errors?: Fault[];
}

const mostFaults = 100;
const brand = Symbol.for('medloom.EpcisException');

/** A refusal in the words of the standard. */
export class EpcisException extends Error {
  readonly [brand] = true;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    name: ExceptionName,
    detail: string,
    options: { errors?: readonly Fault[]; status?: number; headers?: Record<string, string> } = {},
  ) {
    super(`${name}: ${detail}`);
    this.name = 'EpcisException';
    const { title, status } = exceptions[name];
    this.problem = {
      ...{ type: `epcisException:${name}`, title, status: options.status ?? status, detail },
      ...(options.errors && { errors: options.errors.slice(0, mostFaults) }),
    };
    this.headers = options.headers ?? {};
  }

  /** Next loads this module more than once: an exception of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

const wait = { 'retry-after': '30' };

/** The portal's own refusal in the words of the standard; its detail stays in the log. */
function exceptionOf({ code, user }: AppError): EpcisException {
  if (code === 'UNAUTHENTICATED') {
    return new EpcisException('SecurityException', user.message, { headers: { 'www-authenticate': 'Bearer' } });
  }
  if (code === 'RATE_LIMITED') {
    return new EpcisException('SecurityException', 'There were too many requests.', {
      ...{ status: 429, headers: { 'retry-after': '60' } },
    });
  }
  if (code === 'TOO_LARGE') return new EpcisException('CaptureLimitExceededException', user.message);
  if (code === 'NOT_FOUND') return new EpcisException('NoSuchResourceException', user.message);
  if (code === 'INVALID_INPUT') return new EpcisException('ValidationException', user.message);
  const status = httpStatus(code);
  if (status === 403) return new EpcisException('SecurityException', user.message, { status });
  return new EpcisException('ImplementationException', user.message, {
    ...(status === 503 ? { status, headers: wait } : {}),
  });
}

/** Whatever was thrown as an exception of the standard, and what the log gets of it. */
export function asEpcisException(thrown: unknown): { exception: EpcisException; cause?: AppError } {
  if (thrown instanceof EpcisException) return { exception: thrown };
  const cause = asAppError(thrown);
  return { exception: exceptionOf(cause), cause };
}
