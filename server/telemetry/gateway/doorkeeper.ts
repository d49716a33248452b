import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Database } from '../../gateways/db/database.ts';
import { keepCertificate } from '../../people/certificates.ts';
import type { Sender } from './check.ts';
import type { Directory } from './directory.ts';
import type { Figures } from './figures.ts';
import type { Presented } from './identity.ts';
import type { Intake } from './intake.ts';
import { deviceStatus, type FramesAnswer, type RefusalCode, refusedTopic } from './protocol.ts';

interface Parts {
  db: Database;
  directory: Directory;
  intake: Intake;
  figures: Figures;
  /** Told of a device that has just connected. */
  onArrival: (device: string) => void;
}

/** A device that may be here no longer. */
export class Unwelcome extends Error {
  override readonly name = 'Unwelcome';
  readonly code: RefusalCode;
  constructor(device: string, code: RefusalCode) {
    super(`${device}: ${code}`);
    this.code = code;
  }
}

/** Says something to a device. */
export type Tell = (topic: string, payload: string) => Promise<void>;

/** Who may come in, and what becomes of what they bring; the same for MQTT and HTTPS. */
export class Doorkeeper {
  readonly #parts: Parts;
  /** Certificates that are kept already, by the device. */
  readonly #kept = new Map<string, string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Why a device may not be here; undefined where it may. Throws LEDGER_UNAVAILABLE, DATABASE_UNAVAILABLE. */
  async admit({ id, signingKeyHash, certificatePem }: Presented): Promise<RefusalCode | undefined> {
    const said = await this.#parts.directory.judge(id, signingKeyHash);
    if (typeof said === 'string') {
      this.#parts.figures.refuse(id, said);
      return said;
    }
    if (this.#kept.get(id) !== signingKeyHash) {
      // Others check by it later what the device has signed.
      await keepCertificate(this.#parts.db, { subjectId: id, pem: certificatePem });
      this.#kept.set(id, signingKeyHash);
    }
    return undefined;
  }

  arrived(device: string): void {
    this.#parts.onArrival(device);
  }

  /** Takes a packet of frames; `tell` says what is refused before the packet is acknowledged. Throws `Flooding`, `Unwelcome`. */
  async frames(sender: Sender, payload: Uint8Array, tell?: Tell): Promise<FramesAnswer> {
    const said = await this.#parts.directory.judge(sender.id, sender.signingKeyHash);
    if (typeof said === 'string') {
      this.#parts.figures.refuse(sender.id, said);
      throw new Unwelcome(sender.id, said);
    }
    const answer = await this.#parts.intake.take(sender, payload);
    if (answer.refused.length > 0 && tell) {
      const { refused, at } = answer;
      await tell(refusedTopic(sender.id), JSON.stringify({ refused, at })).catch((error) => {
        log().info({ device: sender.id, detail: asAppError(error).detail }, 'a refusal was not told');
      });
    }
    return answer;
  }

  /** Notes what a device says of itself; answers whether it was understood. Throws `Flooding`. */
  status({ id }: Sender, payload: Uint8Array): boolean {
    this.#parts.intake.count(id, payload.length);
    const said = deviceStatus.safeParse(parseJson(payload)).data;
    if (said === undefined) this.#parts.figures.refuse(id, 'MALFORMED');
    else this.#parts.figures.told(id, said);
    return said !== undefined;
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
