import type { Portal } from '#server/portal.ts';

type Service<Who, Input, Output> = (who: Who, input: Input, portal: Portal) => Promise<Output>;

const asText = (value: unknown) =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner)) ?? '';

/** Calls services as they are, and keeps all that they were given by a browser and all that they answered. */
export class RecordedServer {
  readonly portal: Portal;
  /** What the browsers sent, one text for each call. */
  readonly received: { service: string; text: string }[] = [];
  /** What passed through the server on its way to a browser. */
  readonly answered: { service: string; text: string }[] = [];

  constructor(portal: Portal) {
    this.portal = portal;
  }

  async ask<Who, Input, Output>(service: Service<Who, Input, Output>, who: Who, input: Input): Promise<Output> {
    this.received.push({ service: service.name, text: asText({ who, input }) });
    const output = await service(who, input, this.portal);
    this.answered.push({ service: service.name, text: asText(output) });
    return output;
  }

  /** All bytes that were received or answered in base64url, base64 or hex, and such within them: what could be a key. */
  values(): Buffer[] {
    const found = new Map<string, Buffer>();
    const add = (text: string, depth: number) => {
      for (const [token] of text.matchAll(/[A-Za-z0-9+/_-]{20,}/g)) {
        const forms = [
          Buffer.from(token, 'base64url'),
          ...(/^([0-9a-f]{2})+$/.test(token) ? [Buffer.from(token, 'hex')] : []),
        ];
        for (const bytes of forms) {
          const name = bytes.toString('base64');
          if (found.has(name)) continue;
          found.set(name, bytes);
          if (depth > 0) add(bytes.toString('latin1'), depth - 1);
        }
      }
      for (const [, digits = ''] of text.matchAll(/0x([0-9a-f]{32,})/gi)) {
        found.set(digits, Buffer.from(digits, 'hex'));
      }
    };
    for (const { text } of [...this.received, ...this.answered]) add(text, 2);
    return [...found.values()];
  }
}
