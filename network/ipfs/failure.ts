import type { CID } from 'multiformats/cid';

/** A call that failed, with the message for the caller. Kubo answers most failures with status 500 and an error object. */
export class IpfsFailure extends Error {
  override readonly name = 'IpfsFailure';
  readonly status: number;
  /** Kubo answers some failures, those found before a command runs, in plain text. */
  readonly plain: boolean;

  constructor(message: string, options: { status?: number; plain?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.status = options.status ?? 500;
    this.plain = options.plain ?? false;
  }
}

/** A call that cannot be understood: status 400 in plain text, as Kubo's command parser answers. */
export function badCall(message: string): IpfsFailure {
  return new IpfsFailure(message, { status: 400, plain: true });
}

export function blockMissing(cid: CID): IpfsFailure {
  return new IpfsFailure(`block was not found locally (offline): ipld: could not find ${cid}`);
}
