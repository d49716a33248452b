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
}
